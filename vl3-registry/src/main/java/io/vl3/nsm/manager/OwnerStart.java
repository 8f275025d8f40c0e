package io.vl3.nsm.manager;

import io.vl3.connection.ConnectionId;
import io.vl3.dataplane.DataPlane;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.journal.Journal;
import io.vl3.internal.process.ProcessLock;
import io.vl3.nsm.NsmRuntime;
import io.vl3.transport.TransportUrl;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the machine's manager in the process that has become its owner, with the settings that
 * this process brought and, where it brought none, those that are kept. Used by one thread at a
 * time; blocks.
 */
final class OwnerStart {

  private static final Logger LOG = LoggerFactory.getLogger(LocalManager.class);

  private final Path runDirectory;
  private final ManagerSettings asked;
  private final SettingsFile file;
  private final NsmRuntime runtime;
  private final LocalManager.DataPlaneSource dataPlanes;

  OwnerStart(
      Path runDirectory,
      ManagerSettings asked,
      SettingsFile file,
      NsmRuntime runtime,
      LocalManager.DataPlaneSource dataPlanes) {
    this.runDirectory = runDirectory;
    this.asked = asked;
    this.file = file;
    this.runtime = runtime;
    this.dataPlanes = dataPlanes;
  }

  /**
   * Starts it.
   *
   * @param lock what makes us the owner; closed with it, and left to the caller if it fails
   * @param patient whether an address that is taken may yet be free
   * @throws EndpointException if it cannot start; nothing runs then
   */
  Owner start(ProcessLock lock, boolean patient) throws EndpointException {
    ManagerSettings settings = settle();
    boolean reachable = isReachable(settings, patient);
    NsmRuntime serving =
        settings.insecure().orElse(false) && reachable ? runtime.withInsecure() : runtime;
    RunFiles.clearSocket(socket());
    Journal journal = openJournal();
    DataPlane dataPlane = dataPlanes.open();
    try {
      EmbeddedManager.Builder builder =
          EmbeddedManager.builder(serving, dataPlane)
              .name(settings.name().orElseThrow())
              .node(settings.node())
              .journal(journal)
              .listenOn(new TransportUrl.Unix(socket()));
      settings
          .listenOn()
          .filter(url -> reachable)
          .map(TransportUrl::parse)
          .ifPresent(builder::listenOn);
      Owner started = new Owner(lock, journal, dataPlane, builder.start());
      note(new Tenure(settings, ProcessHandle.current().pid(), asked.any(), reachable), started);
      return started;
    } catch (EndpointException | RuntimeException failure) {
      dataPlane.close();
      journal.close();
      throw failure;
    }
  }

  /** Settings that are asked for here count; the others are as they were before. */
  private ManagerSettings settle() {
    ManagerSettings settings = asked.orElse(file.read().settings());
    // Paths must tell the managers of different nodes apart.
    return settings.name().isPresent()
        ? settings
        : settings.withName("nsm-" + ConnectionId.random().value().substring(0, 8));
  }

  /**
   * Whether other domains are to be served. An address that was not brought here is not served
   * without the identity of who brought it, nor if it cannot be had for good: the machine needs its
   * manager all the same.
   */
  private boolean isReachable(ManagerSettings settings, boolean patient) {
    if (settings.listenOn().isEmpty() || asked.listenOn().isPresent()) {
      return settings.listenOn().isPresent();
    }
    boolean allowed = runtime.transport().tls().isPresent() || settings.insecure().orElse(false);
    if (allowed && patient) {
      return true;
    }
    LOG.warn(
        "nsm.manager.listenOn: {} is not served (expected: by the process that brought it) [{}]",
        settings.listenOn().get(),
        allowed ? "it cannot be listened on" : "this process has no TLS identity");
    return false;
  }

  /** Only once it serves: what cannot be served is left to no successor. */
  private void note(Tenure tenure, Owner started) throws EndpointException {
    try {
      file.write(tenure);
    } catch (EndpointException failure) {
      started.manager().close();
      throw failure;
    }
  }

  private Path socket() {
    return runDirectory.resolve(LocalManager.SOCKET);
  }

  private Journal openJournal() throws EndpointException {
    Path journal = runDirectory.resolve(LocalManager.JOURNAL);
    try {
      return Journal.open(journal, runtime.executor());
    } catch (IOException failure) {
      throw new EndpointException(
          Reason.UNAVAILABLE,
          "%s: %s (expected: a file that can be written)".formatted(journal, failure),
          failure);
    }
  }
}
