package io.vl3.nsm.interop;

import io.vl3.api.connection.Connection;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmRuntime;
import io.vl3.time.SystemTimer;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.TransportUrl;
import io.vl3.transport.identity.Tls;
import io.vl3.transport.svid.WorkloadApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A mesh of the reference implementation, on unix sockets in a directory of its own: its registry,
 * its manager with a forwarder, and what a test adds. Has the threads for our own side too. What
 * was started last ends first.
 */
public final class GoMesh implements AutoCloseable {

  private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(10);
  private static final List<String> WORKLOADS =
      List.of("registry", "manager", "own", "nsc", "other");

  private final Path directory = Files.createTempDirectory("nsm");
  private final ScheduledThreadPoolExecutor scheduler =
      new ScheduledThreadPoolExecutor(1, daemons("nsm-timer"));
  private final ExecutorService executor = Executors.newCachedThreadPool(daemons("nsm-work"));
  private final IoThreads io = new IoThreads(1, daemons("nsm-io"));
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Optional<GoPeer> agent;
  private final Optional<WorkloadApi> identity;
  private final List<String> registryFlags;
  private final List<String> managerFlags = new ArrayList<>();
  private final Duration tokenLifetime;
  private final SystemTimer timer = new SystemTimer(scheduler);
  private final NsmRuntime runtime;
  private GoPeer registry;
  private GoPeer manager;

  /** A registry and a manager. */
  public static GoMesh start() throws Exception {
    return new GoMesh(List.of(), List.of());
  }

  /** A registry and a manager with flags of its own. */
  public static GoMesh withManager(String... flags) throws Exception {
    return new GoMesh(List.of(), List.of(flags));
  }

  /** A registry and a manager that speak mutual TLS, as all of this mesh does. */
  static GoMesh secured(String... registryFlags) throws Exception {
    return new GoMesh(List.of(registryFlags), List.of(), true, TOKEN_LIFETIME);
  }

  /** The same, where our own tokens last for a short time. */
  static GoMesh secured(Duration ownTokens) throws Exception {
    return new GoMesh(List.of(), List.of(), true, ownTokens);
  }

  /** A registry and a manager with flags of their own. */
  GoMesh(List<String> registryFlags, List<String> managerFlags) throws Exception {
    this(registryFlags, managerFlags, false, TOKEN_LIFETIME);
  }

  private GoMesh(
      List<String> registryFlags,
      List<String> managerFlags,
      boolean secured,
      Duration tokenLifetime)
      throws Exception {
    this.tokenLifetime = tokenLifetime;
    this.registryFlags = registryFlags;
    this.managerFlags.addAll(managerFlags);
    agent = secured ? Optional.of(authority("agent")) : Optional.empty();
    identity = secured ? Optional.of(identityOf("own")) : Optional.empty();
    runtime = runtime(identity);
    registry = startRegistry();
    manager = startManager();
  }

  NsmRuntime runtime() {
    return runtime;
  }

  /** A runtime of another workload, in a mesh with TLS. */
  NsmRuntime runtimeOf(String workload) throws Exception {
    return runtime(Optional.of(closing(identityOf(workload))));
  }

  private WorkloadApi identityOf(String workload) throws Exception {
    return WorkloadApi.open(
        workloadApi("agent", workload),
        TransportOptions.of(io, executor).withInsecure(true),
        timer,
        RandomGenerator.getDefault(),
        Duration.ofSeconds(60));
  }

  private NsmRuntime runtime(Optional<WorkloadApi> svid) {
    TransportOptions plain = TransportOptions.of(io, executor).withInsecure(svid.isEmpty());
    TransportOptions transport =
        svid.map(api -> plain.withTls(new Tls(api, timer, tokenLifetime))).orElse(plain);
    return NsmRuntime.of(timer, executor, transport, RandomGenerator.getDefault());
  }

  /** The manager's URL. */
  public String managerUrl() {
    return "unix://" + socket("nsm.io.sock");
  }

  /** A URL for somebody to listen on. */
  public TransportUrl urlFor(String name) {
    return new TransportUrl.Unix(socket(name + ".sock"));
  }

  /** The manager's process. */
  GoPeer manager() {
    return manager;
  }

  /** Our way to the manager. */
  ManagerAccess access(String name) throws Exception {
    return closing(ManagerAccess.open(runtime, managerUrl(), runtime.tokens(name, TOKEN_LIFETIME)));
  }

  /** A client of the manager. */
  public GoPeer client(String name, String... flags) throws Exception {
    return clientOf(managerUrl(), name, flags);
  }

  /** A client of another manager. */
  GoPeer clientOf(String managerUrl, String name, String... flags) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("client", "-name", name, "-connect", managerUrl));
    arguments.addAll(List.of(flags));
    return closing(start(name, arguments));
  }

  /** A vL3 endpoint of the service {@code vl3}. */
  public GoPeer endpoint(String name, String prefixes, String... flags) throws Exception {
    return endpointOf(managerUrl(), name, prefixes, flags);
  }

  /** A vL3 endpoint at another manager. */
  GoPeer endpointOf(String managerUrl, String name, String prefixes, String... flags)
      throws Exception {
    return endpointAt(socket(name + ".sock"), managerUrl, name, prefixes, flags);
  }

  /** A vL3 endpoint that listens on a socket of the test's. */
  GoPeer endpointAt(
      Path listening, String managerUrl, String name, String prefixes, String... flags)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "endpoint",
                "-name",
                name,
                "-connect",
                managerUrl,
                "-prefixes",
                prefixes,
                "-listen",
                "unix://" + listening));
    arguments.addAll(List.of(flags));
    return closing(start(name, arguments));
  }

  /** A SPIFFE authority with a workload API for each of the usual names. */
  GoPeer authority(String name) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("spiffe"));
    for (String workload : WORKLOADS) {
      arguments.add("-workload");
      arguments.add(socket(name + "-" + workload + ".sock") + "=spiffe://test.com/" + workload);
    }
    return GoPeer.start(name, arguments);
  }

  /** Where a workload gets its certificates from an authority. */
  String workloadApi(String authority, String workload) {
    String known = WORKLOADS.contains(workload) ? workload : "other";
    return "unix://" + socket(authority + "-" + known + ".sock");
  }

  /** The authority gives everybody new certificates. */
  void rotate() throws Exception {
    var unused = agent.orElseThrow().ask("rotate", Connection.getDefaultInstance(), "");
  }

  /** Any part. */
  public GoPeer start(String name, List<String> arguments) throws Exception {
    List<String> all = new ArrayList<>(arguments);
    if (agent.isPresent() && !arguments.contains("-spiffe")) {
      all.addAll(List.of("-spiffe", workloadApi("agent", name)));
    }
    return GoPeer.start(name, all);
  }

  /** Closes something with this, before all that was opened earlier. */
  public <T extends AutoCloseable> T closing(T resource) {
    opened.push(resource);
    return resource;
  }

  /** The manager and its forwarder crash, and come back. */
  public void restartManager() throws Exception {
    manager.kill();
    manager = startManager();
  }

  /** The registry crashes, and comes back with nothing in its memory. */
  void restartRegistry() throws Exception {
    registry.kill();
    registry = startRegistry();
  }

  private GoPeer startRegistry() throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("registry", "-listen", urlFor("registry").toString()));
    arguments.addAll(registryFlags);
    return start("registry", arguments);
  }

  private GoPeer startManager() throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "manager",
                "-listen",
                managerUrl(),
                "-registry",
                urlFor("registry").toString(),
                "-forwarder",
                urlFor("forwarder").toString()));
    arguments.addAll(managerFlags);
    return start("manager", arguments);
  }

  private Path socket(String name) {
    return directory.resolve(name);
  }

  @Override
  public void close() throws IOException {
    while (!opened.isEmpty()) {
      close(opened.pop());
    }
    manager.close();
    registry.close();
    identity.ifPresent(WorkloadApi::close);
    if (agent.isPresent()) {
      agent.get().close();
    }
    io.close();
    executor.shutdownNow();
    scheduler.shutdownNow();
    delete(directory);
  }

  private static void close(AutoCloseable resource) throws IOException {
    try {
      resource.close();
    } catch (IOException | RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IOException(failure);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static ThreadFactory daemons(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
