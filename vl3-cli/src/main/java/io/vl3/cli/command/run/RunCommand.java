package io.vl3.cli.command.run;

import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.assembly.Admin;
import io.vl3.cli.assembly.Node;
import io.vl3.cli.assembly.Nses;
import io.vl3.cli.assembly.Orders;
import io.vl3.cli.assembly.Successor;
import io.vl3.cli.assembly.Termination;
import io.vl3.cli.assembly.Watched;
import io.vl3.cli.command.shared.Privilege;
import io.vl3.cli.config.DataPlaneConfig;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.NsmChoice;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.read.ConfigFile;
import io.vl3.cli.config.read.Overrides;
import io.vl3.cli.log.Logging;
import io.vl3.cli.metrics.MetricsServer;
import io.vl3.cli.render.ConfigReport;
import io.vl3.cli.tracing.Traces;
import io.vl3.endpoint.Description;
import io.vl3.failure.EndpointException;
import io.vl3.linux.ServiceManager;
import io.vl3.status.NseStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vl3 run}: the NSEs of a configuration, until the process is asked to end. */
@Command(
    name = "run",
    description = {
      "Run the network service endpoints of a configuration file.",
      "Without an nsm section the machine's embedded manager is used, and started if none runs."
    })
public final class RunCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"--config", "-file", "-f"},
      paramLabel = "FILE",
      description = "The configuration. Default: /etc/universal-cnf/config.yaml.")
  private Path file = ConfigFile.STANDARD;

  @Option(
      names = {"--verify", "-verify"},
      description = "Check the file, print the chain it makes, and exit.")
  private boolean verify;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The endpoint's own name, where the file has one endpoint.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--prefix-index",
      paramLabel = "N",
      description = "Own the n-th prefix of the pool, counted from 0.")
  private Optional<String> prefixIndex = Optional.empty();

  @Option(names = "--connect-to", paramLabel = "URL", description = "An NSM v1 manager.")
  private Optional<String> connectTo = Optional.empty();

  @Option(
      names = "--listen-on",
      paramLabel = "URL",
      description = "Where the manager reaches us: unix:///path or tcp://host:port.")
  private Optional<String> listenOn = Optional.empty();

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      description = "Where the machine's vl3 processes meet. Default: $VL3_RUN_DIR, else /run/vl3.")
  private Optional<String> runDirectory = Optional.empty();

  /** Picocli makes it. */
  public RunCommand() {}

  @Override
  public Integer call() throws EndpointException {
    Vl3Config config = load(file);
    if (verify) {
      print(report(config));
      return ExitCode.OK.value();
    }
    Logging.apply(config.log());
    config.notices().forEach(notice -> LOG.warn("{}", notice));
    if (usesKernel(config)) {
      Privilege.require();
    }
    try {
      if (run(config)) {
        Successor.start(spec.root().commandLine().getParseResult().originalArgs());
      }
      return ExitCode.OK.value();
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED.value();
    } catch (IOException failure) {
      throw new CliException(ExitCode.FAILED, "run: " + failure.getMessage(), "", failure);
    }
  }

  private Vl3Config load(Path from) {
    Overrides overrides = new Overrides(name, prefixIndex, connectTo, listenOn, runDirectory);
    return ConfigFile.load(from, System.getenv(), overrides);
  }

  /** Whether it is to be started anew. */
  @SuppressWarnings("try") // the parts are only held
  private boolean run(Vl3Config config)
      throws IOException, EndpointException, InterruptedException {
    ServiceManager systemd = ServiceManager.of(System.getenv(), System::nanoTime);
    CountDownLatch registered = new CountDownLatch(config.endpoints().size());
    try (Termination termination = Termination.listen();
        Traces traces = Traces.open(config.tracing(), tracedAs(config));
        Node node =
            Node.join(config.state().directory(), Optional.of(config.nsm()), traces.telemetry());
        Nses nses =
            Nses.start(
                node,
                config,
                (nse, record, prefixes) -> {
                  registered.countDown();
                  String rest = place(config, nse) + ", " + config.nsm().choice();
                  new PrefixLines(nse, record.name(), rest, this::print)
                      .follow(prefixes, node.runtime().executor());
                },
                termination::ask,
                termination::isAsked);
        Watched watched = Watched.begin(systemd, node.runtime(), () -> summary(nses));
        Orders orders =
            Orders.take(file, config, this::load, nses, termination, watched, this::print);
        Admin admin =
            Admin.open(
                node,
                "run",
                all ->
                    all.withNses(nses::views)
                        .withLogLevels(Logging.levels(node.runtime().timer()))
                        .withControl(orders),
                config.admin());
        MetricsServer metrics =
            MetricsServer.open(config.metrics(), node.runtime(), admin.observed())) {
      node.managersRunner().ifPresent(line -> print(line + System.lineSeparator()));
      termination.reporting(nses::left);
      watched.readyAfter(registered);
      termination.await();
      if (termination.then() == Termination.Then.END) {
        systemd.stopping("ending");
      } else {
        watched.changing("starting anew");
        nses.leave();
      }
      return termination.then() == Termination.Then.ANEW;
    }
  }

  private static String summary(Nses nses) {
    List<NseStatus> all = nses.status();
    int workloads = all.stream().mapToInt(NseStatus::workloads).sum();
    return "%d NSE%s, %d workload%s"
        .formatted(all.size(), all.size() == 1 ? "" : "s", workloads, workloads == 1 ? "" : "s");
  }

  private String report(Vl3Config config) throws EndpointException {
    Map<String, List<Description>> chains = new HashMap<>();
    for (EndpointConfig endpoint : config.endpoints()) {
      chains.put(endpoint.name(), Nses.describe(config, endpoint));
    }
    return ConfigReport.text(ConfigFile.name(file, System.getenv()), config, chains);
  }

  private static String tracedAs(Vl3Config config) {
    return config.endpoints().size() == 1 ? config.endpoints().get(0).bareName() : "vl3-run";
  }

  /** The machine's own manager makes kernel links, also where the endpoint itself has VPP. */
  private static boolean usesKernel(Vl3Config config) {
    return config.dataplane().type() == DataPlaneConfig.Type.KERNEL
        || config.nsm().choice().api() == NsmChoice.Api.EMBEDDED;
  }

  private static String place(Vl3Config config, EndpointConfig nse) {
    return config.dataplane().type().isVpp()
        ? vpp(config.dataplane())
        : "namespace " + Nses.netnsName(nse);
  }

  private static String vpp(DataPlaneConfig config) {
    return config.type() == DataPlaneConfig.Type.VPP
        ? "VPP " + config.vpp().socket().path()
        : "vpp-agent " + config.vpp().address();
  }

  private synchronized void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }
}
