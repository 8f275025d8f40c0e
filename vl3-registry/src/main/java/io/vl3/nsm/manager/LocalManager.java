package io.vl3.nsm.manager;

import io.vl3.dataplane.DataPlane;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.health.HealthCode;
import io.vl3.internal.log.Outage;
import io.vl3.internal.process.LockWait;
import io.vl3.internal.process.ProcessLock;
import io.vl3.nsm.NsmRuntime;
import io.vl3.status.ManagerStatus;
import io.vl3.time.Timer;
import io.vl3.transport.TransportUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's own manager, shared by every process that joins in the same run directory. One of
 * them owns it, elected by a lock on a file that its death releases; another one then takes over
 * under the same name and settings. An owner that brought no settings hands the manager over to a
 * process that does. Thread-safe.
 */
public final class LocalManager implements AutoCloseable {

  /** The manager's socket in the run directory. */
  public static final String SOCKET = "nsm.io.sock";

  /** The file whose lock elects the owner. */
  public static final String LOCK = "manager.lock";

  /** The file whose lock says who is to own the manager next. */
  static final String SUCCESSOR = "manager.successor";

  /** Where everybody who has joined has a locked file. */
  static final String MEMBERS = "members";

  /** The settings that are kept for who takes over. */
  public static final String SETTINGS = "manager.json";

  /** Where it is kept which endpoint serves whom. */
  public static final String JOURNAL = "manager.journal";

  private static final Logger LOG = LoggerFactory.getLogger(LocalManager.class);

  /** How soon it is tried again where nobody can wait for the owner's death. */
  private static final Duration RETRY = Duration.ofMillis(200);

  /** How soon an owner notices that it is to step down. */
  private static final Duration HAND_OVER_LOOK = Duration.ofSeconds(1);

  /** How soon somebody who waits notices that its own files were deleted. */
  private static final Duration SELDOM = Duration.ofSeconds(10);

  /** How soon the owner notices that its files were deleted, so that nobody can join any more. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  /**
   * An owner notices within {@link #HAND_OVER_LOOK} that it is to step down, and ends its servers.
   */
  private static final Duration HAND_OVER = Duration.ofSeconds(20);

  /** So often a port that was found in the file, and not brought, may be taken. */
  private static final int VAIN_STARTS = 25;

  private final Path runDirectory;
  private final NsmRuntime runtime;
  private final ManagerSettings asked;
  private final SettingsFile file;
  private final OwnerStart start;
  private final HandOver handOver;
  private final Members members;
  private final CompletableFuture<Void> turnTaken = new CompletableFuture<>();
  private final Outage outage;

  /** Serialises elections and close; held during start and stop, which block. */
  private final Object turn = new Object();

  /** Written in a turn. */
  private volatile Optional<Owner> owned = Optional.empty();

  private Timer.Cancellable next = () -> {};

  /** The wait for the owner's end. */
  private Optional<LockWait> wait = Optional.empty();

  private boolean closed;

  private int vainStarts;
  private Instant nextLook = Instant.MIN;

  private LocalManager(
      Path runDirectory, ManagerSettings asked, NsmRuntime runtime, DataPlaneSource dataPlanes) {
    this.runDirectory = runDirectory;
    this.asked = asked;
    this.runtime = runtime;
    this.file = new SettingsFile(runDirectory.resolve(SETTINGS));
    this.start = new OwnerStart(runDirectory, asked, file, runtime, dataPlanes);
    this.handOver = new HandOver(new Succession(runDirectory.resolve(SUCCESSOR)), file, asked);
    this.members = new Members(runDirectory.resolve(MEMBERS));
    this.outage =
        new Outage(LOG, runtime.timer())
            .reportedTo(runtime.reporter(), HealthCode.MANAGER_AWAY, runDirectory.toString());
  }

  /** Makes the data plane of whoever becomes the owner, which closes it. */
  @FunctionalInterface
  public interface DataPlaneSource {
    DataPlane open() throws EndpointException;
  }

  /**
   * Joins the machine's manager, or becomes it. Blocks until a manager started here serves; a
   * manager of another process may not serve yet.
   *
   * @param runDirectory where its files are; made if it is not there, mode 0700
   * @param settings the settings of a manager that is started here; if there are any, an owner that
   *     brought none hands the manager over to us
   * @throws EndpointException if the directory cannot be used, or the manager cannot start here
   */
  public static LocalManager join(
      Path runDirectory, ManagerSettings settings, NsmRuntime runtime, DataPlaneSource dataPlanes)
      throws EndpointException {
    socket(runDirectory);
    makeDirectory(runDirectory);
    LocalManager member =
        new LocalManager(runDirectory.toAbsolutePath().normalize(), settings, runtime, dataPlanes);
    try {
      synchronized (member.turn) {
        member.members.join();
        member.elect();
      }
      member.awaitTurn();
      return member;
    } catch (IOException failure) {
      member.close();
      throw unusable(runDirectory, failure);
    } catch (EndpointException | RuntimeException failure) {
      member.close();
      throw failure;
    }
  }

  /**
   * Where the manager of a run directory is reached.
   *
   * @throws EndpointException INVALID if the directory's name is too long for a socket in it
   */
  public static TransportUrl socket(Path runDirectory) throws EndpointException {
    return TransportUrl.Unix.in(runDirectory, SOCKET);
  }

  /** Where the manager is reached, whoever owns it. */
  public TransportUrl url() {
    return new TransportUrl.Unix(runDirectory.resolve(SOCKET));
  }

  /** The manager, if this process owns it now. */
  public Optional<EmbeddedManager> owned() {
    synchronized (turn) {
      return owned.map(Owner::manager);
    }
  }

  /** Which process runs the manager, and how other domains reach it; a line for people. */
  public String runner() {
    synchronized (turn) {
      Tenure tenure = file.look();
      String who =
          owned.isPresent()
              ? "this process"
              : tenure.equals(Tenure.NONE) ? "another process" : "process " + tenure.process();
      return "manager %s: run by %s%s"
          .formatted(
              tenure.settings().name().orElse("of this machine"),
              who,
              tenure.reachable() ? ", with " + tenure.settings() : "");
    }
  }

  /** Leaves; a manager that is owned here stops, for another member to take over. Idempotent. */
  @Override
  public void close() {
    synchronized (turn) {
      if (closed) {
        return;
      }
      closed = true;
      next.cancel();
      endWait();
      handOver.close();
      boolean used = owned.filter(mine -> !mine.manager().isIdle()).isPresent() && !hasOthers();
      owned.ifPresent(Owner::close);
      owned = Optional.empty();
      members.close();
      if (!used) {
        removeFilesIfLast();
      }
    }
  }

  /** The last one takes along what is kept for a successor. */
  private void removeFilesIfLast() {
    try {
      Optional<ProcessLock> lock =
          hasOthers() ? Optional.empty() : ProcessLock.tryAcquire(runDirectory.resolve(LOCK));
      if (lock.isEmpty()) {
        return;
      }
      try (ProcessLock held = lock.get()) {
        if (!hasOthers() && held.isInPlace()) {
          delete(runDirectory.resolve(SETTINGS));
          delete(runDirectory.resolve(JOURNAL));
        }
      }
    } catch (IOException failure) {
      LOG.warn("{}: {} stays", runDirectory, SETTINGS, failure);
    }
  }

  private boolean hasOthers() {
    try {
      return members.hasOthers();
    } catch (IOException | RuntimeException failure) {
      LOG.debug("{}: not looked at", runDirectory, failure);
      return true;
    }
  }

  private void elect() throws EndpointException {
    if (closed) {
      return;
    }
    boolean anothersTurn = handOver.isAnothersTurn();
    Optional<ProcessLock> lock =
        anothersTurn ? Optional.empty() : tryAcquire(runDirectory.resolve(LOCK));
    if (lock.isEmpty()) {
      handOver.askForTurn();
      if (anothersTurn || handOver.mayAsk()) {
        tryAgainSoon();
      } else {
        tryAgainWhenFree();
      }
      return;
    }
    try {
      owned = Optional.of(start.start(lock.get(), vainStarts < VAIN_STARTS));
    } catch (EndpointException | RuntimeException failure) {
      lock.get().close();
      throw failure;
    } finally {
      handOver.close();
    }
    vainStarts = 0;
    lookLater();
  }

  /** Waits until the owner has stepped down and a manager started here serves. */
  private void awaitTurn() throws EndpointException {
    synchronized (turn) {
      if (!handOver.isOurs()) {
        return;
      }
    }
    try {
      var unused = turnTaken.get(HAND_OVER.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof EndpointException known
          ? known
          : new EndpointException(Reason.INTERNAL, "manager: not taken over", failed);
    } catch (TimeoutException late) {
      LOG.warn(
          "manager in {}: process {} still runs it, without nsm.manager of this process",
          runDirectory,
          file.look().process());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void tryAgainSoon() {
    tryAgainAfter(RETRY);
  }

  /** The kernel tells of the owner's end: no look again and again while nothing happens. */
  private void tryAgainWhenFree() {
    wait =
        LockWait.begin(
            runDirectory.resolve(LOCK), runtime.executor(), () -> onExecutor(this::electAgain));
    tryAgainAfter(wait.isPresent() ? SELDOM : RETRY);
  }

  private void tryAgainAfter(Duration pause) {
    next = runtime.timer().after(pause, () -> onExecutor(this::electAgain));
  }

  private void endWait() {
    wait.ifPresent(LockWait::close);
    wait = Optional.empty();
  }

  private void onExecutor(Runnable task) {
    try {
      runtime.executor().execute(task);
    } catch (RejectedExecutionException ending) {
      LOG.debug("{}: the owner of the threads is ending", runDirectory);
    }
  }

  private void lookLater() {
    next = runtime.timer().after(HAND_OVER_LOOK, () -> onExecutor(this::look));
  }

  /**
   * An owner whose socket or lock is gone steps down, as its death would, and stands for election
   * again. Without the second another process would be the owner too.
   */
  private void look() {
    synchronized (turn) {
      if (closed || owned.isEmpty()) {
        return;
      }
      if (!asked.any() && handOver.isAnothersTurn()) {
        stepDown(owned.get());
        return;
      }
      if (isInPlace(owned.get())) {
        lookLater();
        return;
      }
      LOG.warn(
          "manager {}: its socket or lock in {} was deleted; the manager starts anew",
          owned.get().manager().name(),
          runDirectory);
      owned.get().close();
      owned = Optional.empty();
      electAgain();
    }
  }

  /** How the manager is doing, while it runs in this process. */
  public Optional<ManagerStatus> status() {
    return owned.map(mine -> mine.manager().status());
  }

  private void stepDown(Owner mine) {
    LOG.info("manager {}: handed over to a process that brings nsm.manager", mine.manager().name());
    mine.close();
    owned = Optional.empty();
    tryAgainSoon();
  }

  private boolean isInPlace(Owner mine) {
    Instant now = runtime.timer().instant();
    if (now.isBefore(nextLook)) {
      return true;
    }
    nextLook = now.plus(LOOK);
    return mine.isInPlace();
  }

  private void electAgain() {
    synchronized (turn) {
      if (closed || owned.isPresent()) {
        return;
      }
      next.cancel();
      endWait();
      boolean claimed = handOver.isOurs();
      try {
        makeDirectory(runDirectory);
        members.join();
        elect();
        owned.ifPresent(this::taken);
        outage.ended("manager in %s: has an owner again".formatted(runDirectory));
      } catch (EndpointException | IOException | RuntimeException failure) {
        vainStarts++;
        if (claimed) {
          handOver.decline();
          turnTaken.completeExceptionally(failure);
        }
        outage.failed(
            "manager in %s: could not be taken over: %s"
                .formatted(runDirectory, failure.getMessage()));
        tryAgainSoon();
      }
    }
  }

  private void taken(Owner mine) {
    LOG.info("manager {}: taken over", mine.manager().name());
    turnTaken.complete(null);
  }

  private static Optional<ProcessLock> tryAcquire(Path file) throws EndpointException {
    try {
      return ProcessLock.tryAcquire(file);
    } catch (IOException failure) {
      throw new EndpointException(
          Reason.UNAVAILABLE,
          "%s: %s (expected: a file that can be locked)".formatted(file, failure),
          failure);
    }
  }

  private static void makeDirectory(Path directory) throws EndpointException {
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException failure) {
      throw unusable(directory, failure);
    }
  }

  private static EndpointException unusable(Path directory, IOException failure) {
    return new EndpointException(
        Reason.UNAVAILABLE,
        "run directory: %s (expected: one that can be made) [%s]".formatted(directory, failure),
        failure);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      LOG.warn("{}: stays", file, failure);
    }
  }
}
