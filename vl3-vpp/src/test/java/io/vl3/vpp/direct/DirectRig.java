package io.vl3.vpp.direct;

import io.vl3.time.FakeTimer;
import io.vl3.vpp.VppDataPlane;
import io.vl3.vpp.VppSettings;
import io.vl3.vpp.VppSocket;
import io.vl3.vpp.api.FakeVppServer;
import io.vl3.vpp.api.SchemaTable;
import io.vl3.vpp.testing.FakeVppModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A fake VPP of some version in a directory of its own, and data planes that speak with it. */
final class DirectRig implements AutoCloseable {

  private static final int LOOKS = 30;
  private static final String PING = "control_ping";

  final FakeTimer timer = new FakeTimer();
  final FakeVppModel model = new FakeVppModel();
  final FakeVppServer server;
  private final Path directory;
  private final VppSocket socket;
  private final ExecutorService io = Executors.newCachedThreadPool();
  private final List<VppDataPlane> planes = new ArrayList<>();

  DirectRig(String version) {
    this(version, line -> true);
  }

  /** A VPP that has only some messages of its version. */
  DirectRig(String version, Predicate<String> lines) {
    try {
      directory = Files.createTempDirectory("vpp");
      String table =
          SchemaTable.kept(version).lines().filter(lines).collect(Collectors.joining("\n"));
      server = FakeVppServer.withTable(directory.resolve("api.sock"), table, model);
      model.eventsTo(server::event);
      Path described = FakeVppServer.describe(directory.resolve("api"), version);
      socket = new VppSocket(server.socket(), List.of(described));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A data plane whose work is done by the test's thread. */
  VppDataPlane open(VppSettings settings) {
    VppDataPlane plane =
        VppDataPlane.direct(
            socket, settings, timer, Runnable::run, io, RandomGenerator.of("L64X128MixRandom"));
    planes.add(plane);
    plane.start();
    return plane;
  }

  /** VPP dies and starts again, with nothing in it. */
  void restart() {
    server.kill();
    model.clear();
    server.revive();
  }

  /** Lets time pass until it is so, from one planned look to the next. */
  void lookUntil(BooleanSupplier so) {
    for (int n = 0; n < LOOKS && !so.getAsBoolean(); n++) {
      await(() -> untilNext().isPresent());
      timer.advance(untilNext().orElse(Duration.ZERO));
    }
    if (!so.getAsBoolean()) {
      throw new AssertionError("not after " + LOOKS + " looks:\n" + model.state());
    }
  }

  /** How long until the next planned look; another thread may be about to plan it otherwise. */
  Optional<Duration> untilNext() {
    try {
      return Optional.of(timer.untilNext());
    } catch (AssertionError none) {
      return Optional.empty();
    }
  }

  /**
   * The planned look begins, by another thread. VPP holds what ends its first dump until it is let.
   */
  Future<?> lookThatIsHeld() {
    await(() -> untilNext().isPresent());
    server.hold(PING);
    Future<?> look = io.submit(() -> timer.advance(untilNext().orElse(Duration.ZERO)));
    await(() -> server.holds() || look.isDone());
    if (look.isDone()) {
      throw new AssertionError("the look asked nothing:\n" + model.state());
    }
    return look;
  }

  /** A look that is held asks what comes next, of which the end is held again. */
  void next(Future<?> look) {
    server.hold(PING);
    server.release();
    await(() -> look.isDone() || server.holds());
  }

  /** A look that is held goes on to its end, and whatever else is held. */
  void finish(Future<?> look) {
    server.heal();
    await(look::isDone);
  }

  /** Waits for what another thread does. */
  void await(BooleanSupplier so) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!so.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within 20 s:\n" + model.state());
      }
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    planes.forEach(VppDataPlane::close);
    server.close();
    io.shutdown();
    try (Stream<Path> files = Files.walk(directory)) {
      if (!io.awaitTermination(10, TimeUnit.SECONDS)) {
        throw new AssertionError("a task did not end");
      }
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
