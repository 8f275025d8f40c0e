package io.vl3.nsm.manager;

import io.vl3.connection.ConnectionId;
import io.vl3.dataplane.DataPlane;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.Reason;
import io.vl3.journal.Journal;
import io.vl3.log.Outage;
import io.vl3.nsm.NsmRuntime;
import io.vl3.process.ProcessLock;
import io.vl3.time.Timer;
import io.vl3.transport.TransportUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's own manager, shared by every process that joins in the same run directory. One of
 * them owns it, elected by a lock on a file that its death releases; another one then takes over
 * under the same name and settings. Thread-safe.
 */
public final class LocalManager implements AutoCloseable {

  /** The manager's socket in the run directory. */
  public static final String SOCKET = "nsm.io.sock";

  /** The file whose lock elects the owner. */
  public static final String LOCK = "manager.lock";

  /** The settings that are kept for who takes over. */
  public static final String SETTINGS = "manager.json";

  /** Where it is kept which endpoint serves whom. */
  public static final String JOURNAL = "manager.journal";

  private static final Logger LOG = LoggerFactory.getLogger(LocalManager.class);

  /** How soon a dead owner is noticed; a try costs a few microseconds. */
  private static final Duration RETRY = Duration.ofMillis(200);

  /** How soon the owner notices that its files were deleted, so that nobody can join any more. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Path runDirectory;
  private final NsmRuntime runtime;
  private final ManagerSettings asked;
  private final DataPlaneSource dataPlanes;
  private final Outage outage = new Outage(LOG);

  /** Serialises elections and close; held during start and stop, which block. */
  private final Object turn = new Object();

  private Optional<Owned> owned = Optional.empty();
  private Timer.Cancellable next = () -> {};
  private boolean closed;

  private LocalManager(
      Path runDirectory, ManagerSettings asked, NsmRuntime runtime, DataPlaneSource dataPlanes) {
    this.runDirectory = runDirectory;
    this.asked = asked;
    this.runtime = runtime;
    this.dataPlanes = dataPlanes;
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
   * @param settings what is told to a manager that is started here
   * @throws EndpointException if the directory cannot be used, or the manager cannot start here
   */
  public static LocalManager join(
      Path runDirectory, ManagerSettings settings, NsmRuntime runtime, DataPlaneSource dataPlanes)
      throws EndpointException {
    makeDirectory(runDirectory);
    LocalManager member =
        new LocalManager(runDirectory.toAbsolutePath().normalize(), settings, runtime, dataPlanes);
    synchronized (member.turn) {
      member.elect();
    }
    return member;
  }

  /** Where the manager is reached, whoever owns it. */
  public TransportUrl url() {
    return new TransportUrl.Unix(runDirectory.resolve(SOCKET));
  }

  /** The manager, if this process owns it now. */
  public Optional<EmbeddedManager> owned() {
    synchronized (turn) {
      return owned.map(Owned::manager);
    }
  }

  /** Leaves; a manager that is owned here stops, for another member to take over. Idempotent. */
  @Override
  public void close() {
    synchronized (turn) {
      closed = true;
      next.cancel();
      owned.ifPresent(this::leave);
      owned = Optional.empty();
    }
  }

  /** Who leaves a manager that nobody uses any more takes everything along. */
  private void leave(Owned mine) {
    boolean idle = mine.manager.isIdle();
    mine.close(
        () -> {
          if (idle) {
            delete(runDirectory.resolve(SETTINGS));
            delete(runDirectory.resolve(JOURNAL));
          }
        });
  }

  private void elect() throws EndpointException {
    if (closed) {
      return;
    }
    Optional<ProcessLock> lock = tryAcquire(runDirectory.resolve(LOCK));
    if (lock.isEmpty()) {
      tryAgainLater();
      return;
    }
    try {
      owned = Optional.of(start(lock.get()));
      lookLater();
    } catch (EndpointException | RuntimeException failure) {
      lock.get().close();
      throw failure;
    }
  }

  private void tryAgainLater() {
    next = runtime.timer().after(RETRY, () -> runtime.executor().execute(this::electAgain));
  }

  private void lookLater() {
    next = runtime.timer().after(LOOK, () -> runtime.executor().execute(this::look));
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
      if (owned.get().isInPlace()) {
        lookLater();
        return;
      }
      LOG.warn(
          "manager {}: its socket or lock in {} was deleted; the manager starts anew",
          owned.get().manager.name(),
          runDirectory);
      owned.get().close(() -> {});
      owned = Optional.empty();
      electAgain();
    }
  }

  private void electAgain() {
    synchronized (turn) {
      try {
        makeDirectory(runDirectory);
        elect();
        owned.ifPresent(o -> LOG.info("manager {}: taken over", o.manager.name()));
        outage.ended("manager in %s: has an owner again".formatted(runDirectory));
      } catch (EndpointException | RuntimeException failure) {
        outage.failed(
            "manager in %s: could not be taken over: %s"
                .formatted(runDirectory, failure.getMessage()));
        tryAgainLater();
      }
    }
  }

  private Owned start(ProcessLock lock) throws EndpointException {
    ManagerSettings settings = settle();
    NsmRuntime serving = settings.listenOn().isPresent() ? runtime.withInsecure() : runtime;
    Journal journal = openJournal();
    DataPlane dataPlane = dataPlanes.open();
    try {
      EmbeddedManager.Builder builder =
          EmbeddedManager.builder(serving, dataPlane)
              .name(settings.name().orElseThrow())
              .node(settings.node())
              .journal(journal)
              .listenOn(url());
      settings.listenOn().map(TransportUrl::parse).ifPresent(builder::listenOn);
      return new Owned(lock, journal, dataPlane, builder.start());
    } catch (EndpointException | RuntimeException failure) {
      dataPlane.close();
      journal.close();
      throw failure;
    }
  }

  /** What is asked here counts; what is not, is as it was before. */
  private ManagerSettings settle() throws EndpointException {
    SettingsFile file = new SettingsFile(runDirectory.resolve(SETTINGS));
    ManagerSettings settings = asked.orElse(file.read());
    if (settings.name().isEmpty()) {
      // Paths must tell the managers of different nodes apart.
      settings = settings.withName("nsm-" + ConnectionId.random().value().substring(0, 8));
    }
    file.write(settings);
    return settings;
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
      throw new EndpointException(
          Reason.UNAVAILABLE,
          "run directory: %s (expected: one that can be made) [%s]".formatted(directory, failure),
          failure);
    }
  }

  private Journal openJournal() throws EndpointException {
    Path file = runDirectory.resolve(JOURNAL);
    try {
      return Journal.open(file, runtime.executor());
    } catch (IOException failure) {
      throw new EndpointException(
          Reason.UNAVAILABLE,
          "%s: %s (expected: a file that can be written)".formatted(file, failure),
          failure);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      LOG.warn("{}: stays", file, failure);
    }
  }

  private record Owned(
      ProcessLock lock, Journal journal, DataPlane dataPlane, EmbeddedManager manager) {

    boolean isInPlace() {
      try {
        return manager.isInPlace() && lock.isInPlace();
      } catch (IOException failure) {
        LOG.debug("{}: not looked at", lock, failure);
        return true;
      }
    }

    /** Lets go of everything, the lock last. */
    void close(Runnable beforeUnlock) {
      manager.close();
      dataPlane.close();
      journal.close();
      beforeUnlock.run();
      lock.close();
    }
  }
}
