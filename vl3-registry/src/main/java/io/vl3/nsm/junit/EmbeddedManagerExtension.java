package io.vl3.nsm.junit;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.failure.EndpointException;
import io.vl3.nsm.LocalTokens;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmClient;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.manager.EmbeddedManager;
import io.vl3.time.SystemTimer;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.TransportUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives each test a manager of its own on a unix socket in a temporary directory, with a data plane
 * in memory, and closes what the test opened through it:
 *
 * <pre>{@code
 * @RegisterExtension
 * final EmbeddedManagerExtension nsm = new EmbeddedManagerExtension();
 * }</pre>
 */
public final class EmbeddedManagerExtension implements BeforeEachCallback, AfterEachCallback {

  private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(10);

  private Optional<Running> running = Optional.empty();

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    running = Optional.of(new Running());
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    if (running.isPresent()) {
      running.get().close();
      running = Optional.empty();
    }
  }

  /** The manager. */
  public EmbeddedManager manager() {
    return running().manager;
  }

  /** Threads, clock and transport for endpoints and clients of the test. */
  public NsmRuntime runtime() {
    return running().runtime;
  }

  /** The way to the manager over its socket. */
  public ManagerAccess access() {
    return running().access;
  }

  /** The links that exist now. */
  public MemoryDataPlane dataPlane() {
    return running().dataPlane;
  }

  /** A URL for an endpoint to listen on; each name has its own. */
  public TransportUrl urlFor(String endpoint) {
    return new TransportUrl.Unix(running().directory.resolve(endpoint + ".sock"));
  }

  /** A client that heals and refreshes, closed after the test. */
  public NsmClient client(String name) {
    NsmClient client = NsmClient.builder(runtime(), access(), name).build();
    return closing(client);
  }

  /** Closes something after the test, last registered first. */
  public <T extends AutoCloseable> T closing(T resource) {
    running().opened.add(resource);
    return resource;
  }

  /** A request of a workload for a service, over a kernel interface. */
  public static ConnectionRequest workload(String service, Map<String, String> labels) {
    return new ConnectionRequest(
        Connection.to(service).withLabels(labels),
        List.of(
            Mechanism.local(
                Mechanism.KERNEL, Map.of(Mechanism.INODE_URL, "file:///run/netns/workload"))));
  }

  private Running running() {
    return running.orElseThrow(
        () -> new IllegalStateException("manager: none (expected: within a test)"));
  }

  /** The parts of one test. */
  private static final class Running {
    final Path directory = Files.createTempDirectory("vl3-nsm");
    final ScheduledThreadPoolExecutor scheduler =
        new ScheduledThreadPoolExecutor(1, daemons("nsm-timer"));
    final ExecutorService executor = Executors.newCachedThreadPool(daemons("nsm-work"));
    final IoThreads io = new IoThreads(1, daemons("nsm-io"));
    final MemoryDataPlane dataPlane = new MemoryDataPlane();
    final List<AutoCloseable> opened = new ArrayList<>();
    final NsmRuntime runtime;
    final EmbeddedManager manager;
    final ManagerAccess access;

    Running() throws EndpointException, IOException {
      SystemTimer timer = new SystemTimer(scheduler);
      runtime =
          NsmRuntime.of(
              timer, executor, TransportOptions.of(io, executor), RandomGenerator.getDefault());
      TransportUrl url = new TransportUrl.Unix(directory.resolve("nsm.io.sock"));
      manager = EmbeddedManager.builder(runtime, dataPlane).listenOn(url).start();
      access =
          ManagerAccess.open(
              runtime, url.toString(), new LocalTokens("test", timer, TOKEN_LIFETIME));
    }

    void close() throws Exception {
      for (int i = opened.size() - 1; i >= 0; i--) {
        opened.get(i).close();
      }
      access.close();
      manager.close();
      io.close();
      executor.shutdownNow();
      scheduler.shutdownNow();
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
}
