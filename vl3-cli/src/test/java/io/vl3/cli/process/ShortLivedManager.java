package io.vl3.cli.process;

import io.vl3.cli.assembly.Threads;
import io.vl3.failure.EndpointException;
import io.vl3.internal.process.ProcessLock;
import io.vl3.linux.KernelDataPlane;
import io.vl3.linux.Netns;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.manager.EmbeddedManager;
import io.vl3.nsm.manager.LocalManager;
import io.vl3.registry.EndpointQuery;
import io.vl3.time.Timer;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.TransportUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * A machine's manager in the test's own process, whose registrations last for seconds: a test sees
 * when its registry forgets a killed endpoint, and need not wait for a minute for it.
 */
final class ShortLivedManager implements AutoCloseable {

  private final Deque<Runnable> closing = new ArrayDeque<>();
  private final EmbeddedManager manager;

  /** Owns the run directory, so that the processes that join there find this manager. */
  ShortLivedManager(Path runDirectory, Duration registrationLifetime)
      throws IOException, EndpointException {
    this(runDirectory, registrationLifetime, timer -> timer);
  }

  /** The same by another clock. */
  ShortLivedManager(Path runDirectory, Duration registrationLifetime, UnaryOperator<Timer> clock)
      throws IOException, EndpointException {
    Files.createDirectories(runDirectory);
    ProcessLock lock =
        ProcessLock.tryAcquire(runDirectory.resolve(LocalManager.LOCK)).orElseThrow();
    closing.push(lock::close);
    Threads threads = new Threads();
    closing.push(threads::close);
    IoThreads io = new IoThreads(2, Thread::new);
    closing.push(io::close);
    NsmRuntime runtime =
        NsmRuntime.of(
            clock.apply(threads.timer()),
            threads.blocking(),
            TransportOptions.of(io, threads.blocking()),
            RandomGenerator.getDefault());
    KernelDataPlane links =
        new KernelDataPlane(
            "dead", runDirectory.resolve("links"), Netns.ofProcess(), url -> locate(runtime, url));
    closing.push(links::close);
    manager =
        EmbeddedManager.builder(runtime, links)
            .name("nsm-dead")
            .registrationLifetime(registrationLifetime)
            .listenOn(new TransportUrl.Unix(runDirectory.resolve(LocalManager.SOCKET)))
            .start();
    closing.push(manager::close);
  }

  /** Whether the registry knows an endpoint now. */
  boolean knows(String endpoint) throws EndpointException {
    return !manager.registry().find(EndpointQuery.ofName(endpoint)).isEmpty();
  }

  private static Netns locate(NsmRuntime runtime, String url) throws IOException {
    Optional<Netns> held = runtime.files().locate(url).map(Netns::new);
    return held.isPresent() ? held.get() : Netns.locate(url);
  }

  @Override
  public void close() {
    while (!closing.isEmpty()) {
      closing.pop().run();
    }
  }
}
