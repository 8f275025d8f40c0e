package io.vl3.cli.assembly;

import io.opentelemetry.api.OpenTelemetry;
import io.vl3.cli.config.NsmChoice;
import io.vl3.cli.config.NsmConfig;
import io.vl3.cli.config.TlsConfig;
import io.vl3.connection.TokenSource;
import io.vl3.dataplane.DataPlane;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.linux.KernelDataPlane;
import io.vl3.linux.Netns;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.manager.LocalManager;
import io.vl3.nsm.manager.ManagerSettings;
import io.vl3.status.ManagerStatus;
import io.vl3.time.Timer;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.identity.Tls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * This process's place in a Network Service Mesh: its threads, and the manager that it talks to. It
 * may be the machine's own manager itself, and then it is also the forwarder.
 */
public final class Node implements AutoCloseable {

  private static final int IO_THREADS = 2;

  private final Path runDirectory;
  private final Duration tokenLifetime;
  private final NsmRuntime runtime;
  private final ManagerAccess manager;
  private Optional<LocalManager> local = Optional.empty();
  private Optional<Identity> identity = Optional.empty();

  /** The parts to close, newest first. */
  private final Deque<Runnable> closing = new ArrayDeque<>();

  private Node(Path runDirectory, Optional<NsmConfig> nsm, OpenTelemetry telemetry, boolean joining)
      throws EndpointException {
    this.runDirectory = runDirectory;
    Threads threads = new Threads();
    closing.push(threads::close);
    IoThreads io = new IoThreads(IO_THREADS, Threads.daemons("vl3-io"));
    closing.push(io::close);
    this.tokenLifetime = nsm.map(NsmConfig::tokenLifetime).orElse(Tls.DEFAULT_TOKEN_LIFETIME);
    boolean insecure = nsm.map(NsmConfig::insecure).orElse(false);
    // A node that calls nobody has no identity, and needs none for what TLS would secure.
    boolean secureLater = !joining && tls(nsm).on();
    TransportOptions plain =
        TransportOptions.of(io, threads.blocking())
            .withInsecure(insecure || secureLater)
            .withConnectTimeout(
                nsm.map(config -> config.nse().dialTimeout())
                    .orElse(TransportOptions.CONNECT_TIMEOUT));
    RandomGenerator random = RandomGenerator.getDefault();
    NsmRuntime standard =
        NsmRuntime.of(
                threads.timer(),
                threads.blocking(),
                joining ? secured(plain, nsm, threads.timer(), random) : plain,
                random)
            .withTracing(telemetry);
    this.runtime =
        nsm.map(
                config ->
                    standard.toBuilder().requestTimeout(config.nse().requestTimeout()).build())
            .orElse(standard);
    closing.push(runtime.files()::close);
    identity
        .map(held -> IdentityWatch.start(held.source(), runtime))
        .ifPresent(watch -> closing.push(watch::close));
    this.manager = ManagerAccess.open(runtime, joining ? managerUrl(nsm) : socketUrl(), tokens());
    closing.push(manager::close);
  }

  /** With TLS if it is asked for; without an identity nothing starts. */
  private TransportOptions secured(
      TransportOptions plain, Optional<NsmConfig> nsm, Timer timer, RandomGenerator random)
      throws EndpointException {
    TlsConfig tls = tls(nsm);
    if (!tls.on()) {
      return plain;
    }
    Identity opened = Identity.open(tls, plain, timer, random);
    closing.push(opened::close);
    identity = Optional.of(opened);
    return plain.withTls(new Tls(opened.source(), timer, tokenLifetime));
  }

  private static TlsConfig tls(Optional<NsmConfig> nsm) {
    return nsm.map(NsmConfig::tls).orElse(new TlsConfig.None());
  }

  /** Tokens of a component of this process. */
  TokenSource tokens(String subject) {
    return runtime.tokens(subject, tokenLifetime);
  }

  /**
   * Joins the NSM that a configuration chose; without one, the machine's own, which it starts if
   * nobody has.
   */
  public static Node join(Path runDirectory, Optional<NsmConfig> nsm) throws EndpointException {
    return join(runDirectory, nsm, OpenTelemetry.noop());
  }

  /** The same, with what the node does recorded in an OpenTelemetry, which stays the caller's. */
  public static Node join(Path runDirectory, Optional<NsmConfig> nsm, OpenTelemetry telemetry)
      throws EndpointException {
    return new Node(runDirectory, nsm, telemetry, true);
  }

  /** Has everything, but talks to nobody: to build chains that are only looked at. */
  static Node unconnected(Path runDirectory, NsmConfig nsm) throws EndpointException {
    return new Node(runDirectory, Optional.of(nsm), OpenTelemetry.noop(), false);
  }

  /** The means that the parts of NSM share in this process. */
  public NsmRuntime runtime() {
    return runtime;
  }

  /** The manager. */
  public ManagerAccess manager() {
    return manager;
  }

  /** Which process runs the machine's own manager, as a line for people; empty for any other. */
  public Optional<String> managersRunner() {
    return local.map(LocalManager::runner);
  }

  /** How the machine's manager is doing, while it runs in this process. */
  Optional<ManagerStatus> managerStatus() {
    return local.flatMap(LocalManager::status);
  }

  /** Where the machine's processes meet. */
  Path runDirectory() {
    return runDirectory;
  }

  /** Leaves, and ends the threads. Idempotent. */
  @Override
  public void close() {
    while (!closing.isEmpty()) {
      closing.pop().run();
    }
  }

  private String managerUrl(Optional<NsmConfig> nsm) throws EndpointException {
    Optional<NsmConfig> foreign =
        nsm.filter(config -> config.choice().api() != NsmChoice.Api.EMBEDDED);
    if (foreign.isEmpty()) {
      return localManagerUrl(nsm);
    }
    NsmConfig config = foreign.get();
    return ConfiguredLegacy.isAlone(config)
        ? "unix://" + config.legacy().orElseThrow().workspace().serverSocket()
        : config.choice().address();
  }

  private String localManagerUrl(Optional<NsmConfig> nsm) throws EndpointException {
    LocalManager local =
        LocalManager.join(
            runDirectory,
            nsm.map(NsmConfig::manager).map(Node::settings).orElse(ManagerSettings.NONE),
            runtime,
            this::dataPlane);
    closing.push(local::close);
    this.local = Optional.of(local);
    return local.url().toString();
  }

  private String socketUrl() throws EndpointException {
    return LocalManager.socket(runDirectory).toString();
  }

  private static ManagerSettings settings(NsmConfig.ManagerConfig config) {
    ManagerSettings.Builder settings = ManagerSettings.builder();
    config.listenOn().ifPresent(url -> settings.listenOn(url).insecure(config.insecure()));
    config.tunnelIp().ifPresent(settings::tunnelAddress);
    return settings.build();
  }

  /** The owner's name tells the nodes of one kernel apart, and is the same for who takes over. */
  private DataPlane dataPlane() throws EndpointException {
    String owner = "n" + Integer.toHexString(runDirectory.toString().hashCode());
    try {
      return new KernelDataPlane(
          owner, runDirectory.resolve("links"), Netns.ofProcess(), this::locate);
    } catch (IOException failure) {
      throw new EndpointException(
          Reason.UNAVAILABLE, "kernel data plane: " + failure.getMessage(), failure);
    }
  }

  /** A namespace that was passed to us is held, whoever else could name it. */
  private Netns locate(String url) throws IOException {
    Optional<Netns> held = runtime.files().locate(url).map(Netns::new);
    return held.isPresent() ? held.get() : Netns.locate(url);
  }

  private TokenSource tokens() {
    return tokens("vl3-" + ProcessHandle.current().pid());
  }
}
