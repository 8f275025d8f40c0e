package io.vl3.cli.command.run;

import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.assembly.Admin;
import io.vl3.cli.assembly.ClientOrders;
import io.vl3.cli.assembly.Clients;
import io.vl3.cli.assembly.Node;
import io.vl3.cli.assembly.Successor;
import io.vl3.cli.assembly.Termination;
import io.vl3.cli.assembly.Watched;
import io.vl3.cli.command.shared.CheckedTime;
import io.vl3.cli.command.shared.Privilege;
import io.vl3.cli.command.shared.RunDirOption;
import io.vl3.cli.config.ClientConfig;
import io.vl3.cli.config.read.ConfigFile;
import io.vl3.cli.config.read.Overrides;
import io.vl3.cli.log.Logging;
import io.vl3.cli.resolver.ResolvFile;
import io.vl3.cli.tracing.Traces;
import io.vl3.connection.Connection;
import io.vl3.connection.DnsConfig;
import io.vl3.dns.DnsName;
import io.vl3.failure.EndpointException;
import io.vl3.health.HealthCode;
import io.vl3.health.Reporter;
import io.vl3.internal.log.Outage;
import io.vl3.internal.log.Printable;
import io.vl3.linux.Netns;
import io.vl3.linux.ServiceManager;
import io.vl3.nsm.NsmRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vl3 client}: keeps network namespaces attached to a network service. */
@Command(
    name = "client",
    description = {
      "Attach network namespaces to a network service as workloads, and keep them attached until"
          + " the process is asked to end.",
      "Prints a line for each namespace once it has its address: with the name servers and search"
          + " domains that it is told. Files are left alone without --resolv-conf."
    })
public final class ClientCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(ClientCommand.class);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--service",
      required = true,
      paramLabel = "NAME",
      description = "The network service; service@host:port asks another domain's.")
  private String service = "";

  @Option(
      names = "--netns",
      paramLabel = "PATH|NAME",
      description =
          "A namespace to attach, by its file or by its name in ip netns; may be repeated. Default:"
              + " the one that this process runs in.")
  private List<String> namespaces = List.of();

  @Option(
      names = "--label",
      paramLabel = "KEY=VALUE",
      description = "A label of the workloads, by which an endpoint is chosen; may be repeated.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--interface",
      paramLabel = "NAME",
      defaultValue = "nsm0",
      description = "The interface's name in each namespace. Default: ${DEFAULT-VALUE}.")
  private String interfaceName = "nsm0";

  @Option(
      names = "--connect-to",
      paramLabel = "URL",
      description =
          "An NSM v1 manager. Default: nsm.connectTo, else $NSM_CONNECT_TO, else the machine's"
              + " own.")
  private Optional<String> connectTo = Optional.empty();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "A configuration, of which the sections nsm, tracing and log are read: manager, TLS.")
  private Optional<Path> config = Optional.empty();

  @Option(
      names = "--resolv-conf",
      paramLabel = "FILE",
      description =
          "Write the name servers and search domains that the namespace is told into this"
              + " resolv.conf, before its own; it is as it was when the process ends. Several"
              + " clients may share one.")
  private Optional<Path> resolvConf = Optional.empty();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = CheckedTime.class,
      description =
          "How long it may take until every namespace is attached for the first time, as in 30s;"
              + " after that the command fails with the last reason. Default: it tries for ever.")
  private Optional<Duration> timeout = Optional.empty();

  @Mixin private RunDirOption runDir = new RunDirOption();

  /** Lines come from several threads. */
  private final Object printing = new Object();

  /** Picocli makes it. */
  public ClientCommand() {}

  @Override
  public Integer call() throws EndpointException {
    checkInterfaceName();
    ClientConfig read = load();
    Logging.apply(read.log());
    read.notices().forEach(notice -> LOG.warn("{}", notice));
    Set<Netns> found = found();
    if (resolvConf.isPresent() && found.size() > 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--resolv-conf: with %d namespaces (expected: one --netns)".formatted(found.size()));
    }
    Privilege.require();
    try {
      if (run(found, read)) {
        Successor.start(spec.root().commandLine().getParseResult().originalArgs());
      }
      return ExitCode.OK.value();
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED.value();
    } catch (IOException failure) {
      throw new CliException(ExitCode.FAILED, "client: " + failure.getMessage(), "", failure);
    }
  }

  /** Whether it is to be started anew. */
  @SuppressWarnings("try") // the service is only held
  private boolean run(Set<Netns> found, ClientConfig read)
      throws IOException, EndpointException, InterruptedException {
    Clients.Wanted wanted = new Clients.Wanted(service, labels, interfaceName);
    Patience patience = new Patience(timeout);
    ServiceManager systemd = ServiceManager.of(System.getenv(), System::nanoTime);
    CountDownLatch attached = new CountDownLatch(found.size());
    Optional<ResolvFile> resolver = resolvConf.map(this::resolver);
    try (Termination termination = Termination.listen();
        Traces traces = Traces.open(read.tracing(), "vl3-client");
        Node node = Node.join(runDir.path(), Optional.of(read.nsm()), traces.telemetry());
        Clients clients =
            new Clients(node, wanted, new Teller(patience, node.runtime(), attached, resolver));
        Ending restored = () -> restore(resolver, termination);
        Watched watched = Watched.begin(systemd, node.runtime(), () -> summary(clients));
        ClientOrders orders = ClientOrders.take(this::rehearse, termination);
        Admin admin =
            Admin.open(
                node,
                "client",
                all ->
                    all.withWorkloads(clients::views)
                        .withLogLevels(Logging.levels(node.runtime().timer()))
                        .withControl(orders))) {
      for (Netns netns : found) {
        clients.attach(netns);
      }
      watched.readyAfter(attached);
      patience.await(found, termination);
      termination.await();
      if (termination.then() == Termination.Then.END) {
        systemd.stopping("ending");
      } else {
        watched.changing("starting anew");
        clients.leave();
      }
      return termination.then() == Termination.Then.ANEW;
    }
  }

  private ClientConfig load() {
    return ConfigFile.loadClient(config, System.getenv(), Overrides.NONE.withConnectTo(connectTo));
  }

  /** What a start with the files as they are now would refuse. */
  private void rehearse() {
    var unusedConfig = load();
    var unusedNamespaces = found();
  }

  private ResolvFile resolver(Path file) {
    Path lock = runDir.path().resolve("resolv-conf.lock");
    return new ResolvFile(file.toAbsolutePath(), lock, service + "/" + interfaceName);
  }

  /** What happens before the namespaces' connections end. */
  private interface Ending extends AutoCloseable {

    @Override
    void close();
  }

  /** A successor writes the same. */
  private static void restore(Optional<ResolvFile> resolver, Termination termination) {
    if (resolver.isPresent() && termination.then() == Termination.Then.END) {
      try {
        resolver.get().end();
      } catch (IOException failure) {
        LOG.warn("{}: not as it was before: {}", resolver.get().file(), failure.toString());
      }
    }
  }

  private static String summary(Clients clients) {
    int workloads = clients.views().size();
    return "%d workload%s".formatted(workloads, workloads == 1 ? "" : "s");
  }

  private void checkInterfaceName() {
    if (!interfaceName.matches("[A-Za-z0-9_.-]{1,15}")) {
      throw new ParameterException(
          spec.commandLine(),
          "--interface: %s (expected: 1 to 15 letters, digits, '_', '.', '-')"
              .formatted(interfaceName));
    }
  }

  private Set<Netns> found() {
    if (namespaces.isEmpty()) {
      // By our process id, as the forwarder may be another process.
      return Set.of(new Netns(Path.of("/proc/" + ProcessHandle.current().pid() + "/ns/net")));
    }
    Set<Netns> found = new LinkedHashSet<>();
    for (String text : namespaces) {
      found.add(find(text));
    }
    return found;
  }

  private Netns find(String text) {
    try {
      Netns netns =
          text.contains("/") ? new Netns(Path.of(text).toAbsolutePath()) : Netns.named(text);
      if (!netns.exists()) {
        throw new CliException(
            ExitCode.NOT_FOUND,
            "--netns: %s (expected: a namespace that exists)".formatted(text),
            text.contains("/") ? "" : "Make it with: ip netns add " + text);
      }
      return netns;
    } catch (IllegalArgumentException bad) {
      throw new ParameterException(spec.commandLine(), "--netns: " + bad.getMessage(), bad);
    }
  }

  private final class Teller implements Clients.Listener {

    private final Patience patience;
    private final NsmRuntime runtime;

    /** Why each namespace is not attached yet: one cause is printed once. */
    private final Map<Netns, Outage> missing = new ConcurrentHashMap<>();

    private final CountDownLatch attached;
    private final Set<Netns> told = ConcurrentHashMap.newKeySet();
    private final Optional<ResolvFile> resolver;
    private final Outage unwritten;

    Teller(
        Patience patience,
        NsmRuntime runtime,
        CountDownLatch attached,
        Optional<ResolvFile> resolver) {
      this.resolver = resolver;
      this.unwritten = new Outage(LOG, runtime.timer());
      this.attached = attached;
      this.patience = patience;
      this.runtime = runtime;
    }

    @Override
    public void onAttached(Netns netns, Connection connection) {
      patience.attached(netns);
      resolver.ifPresent(file -> write(file, connection.context().dns()));
      if (told.add(netns)) {
        attached.countDown();
      }
      Optional.ofNullable(missing.remove(netns)).ifPresent(outage -> outage.ended("attached"));
      print(
          spec.commandLine().getOut(),
          "%s: %s %s, served by %s%s"
              .formatted(
                  netns.path().getFileName(),
                  interfaceName,
                  spaced(connection.ip().clientAddresses()),
                  connection.endpointName(),
                  names(connection)));
    }

    private void write(ResolvFile file, List<DnsConfig> dns) {
      try {
        file.tell(dns);
        unwritten.ended(file.file() + ": written");
      } catch (IOException failure) {
        unwritten.failed("%s: not written: %s".formatted(file.file(), failure));
      }
    }

    /** The settings that a resolver in the namespace would need. */
    private static String names(Connection connection) {
      return connection.context().dns().stream()
          .map(dns -> ", names from %s%s".formatted(spaced(dns.servers()), search(dns)))
          .collect(Collectors.joining());
    }

    private static String search(DnsConfig dns) {
      List<DnsName> domains = DnsName.allOf(dns.searchDomains());
      return domains.isEmpty()
          ? ""
          : " search " + spaced(domains.stream().map(DnsName::withoutDot).toList());
    }

    private static String spaced(List<?> values) {
      return values.stream().map(Object::toString).collect(Collectors.joining(" "));
    }

    @Override
    public void onFailure(Netns netns, EndpointException failure) {
      patience.failed(netns, failure);
      missing
          .computeIfAbsent(netns, this::outage)
          .failed("not attached yet: " + failure.getMessage());
    }

    private Outage outage(Netns netns) {
      Reporter reporter = runtime.reporter().of(String.valueOf(netns.path().getFileName()));
      return new Outage(line -> onOutage(netns, line), line -> {}, runtime.timer())
          .reportedTo(reporter, HealthCode.NOT_ATTACHED, "");
    }

    @Override
    public void onOutage(Netns netns, String line) {
      print(spec.commandLine().getErr(), "%s: %s".formatted(netns.path().getFileName(), line));
    }

    private void print(PrintWriter to, String line) {
      synchronized (printing) {
        to.println(Printable.of(line));
        to.flush();
      }
    }
  }
}
