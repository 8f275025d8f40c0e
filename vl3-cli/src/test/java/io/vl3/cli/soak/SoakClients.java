package io.vl3.cli.soak;

import io.vl3.cli.assembly.Threads;
import io.vl3.failure.EndpointException;
import io.vl3.linux.Netns;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.manager.LocalManager;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Threads and sockets of the workloads' clients, which all run in this JVM. */
final class SoakClients implements AutoCloseable {

  /** How long a connection outlives a client that is gone. */
  static final Duration TOKEN_LIFETIME = Duration.ofSeconds(45);

  private static final int IO_THREADS = 2;

  private final Threads threads = new Threads();
  private final IoThreads io = new IoThreads(IO_THREADS, Threads.daemons("soak-io"));
  private final NsmRuntime runtime =
      NsmRuntime.of(
          threads.timer(),
          threads.blocking(),
          TransportOptions.of(io, threads.blocking()),
          RandomGenerator.getDefault());
  private final AtomicLong visits = new AtomicLong();
  private final String manager;

  /** Clients of the manager of a run directory. */
  SoakClients(Path runDirectory) throws EndpointException {
    manager = LocalManager.socket(runDirectory).toString();
  }

  NsmRuntime runtime() {
    return runtime;
  }

  /** A client for one connection, over a channel of its own, as each {@code vl3 client} has it. */
  Visitor visitor(Netns netns) throws EndpointException {
    String name = "soak-" + visits.incrementAndGet();
    ManagerAccess access =
        ManagerAccess.open(runtime, manager, runtime.tokens(name, TOKEN_LIFETIME));
    return new Visitor(runtime, access, netns, name);
  }

  @Override
  public void close() {
    io.close();
    threads.close();
  }
}
