package io.vl3.cli.assembly;

import io.vl3.failure.EndpointException;
import io.vl3.linux.Netns;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place of an NSE on this machine, which outlives its instances: the lock of its name, and a
 * network namespace if it wants one. Used by one thread at a time; any may look.
 */
final class NsePlace implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NsePlace.class);

  private final Path runDirectory;
  private final String name;
  private final String netnsName;
  private final Undo held = new Undo();

  /**
   * Not taken.
   *
   * @param name the NSE's
   * @param netnsName its namespace's
   */
  NsePlace(Path runDirectory, String name, String netnsName) {
    this.runDirectory = runDirectory;
    this.name = name;
    this.netnsName = netnsName;
  }

  /**
   * Takes it, so that nobody else on this machine has it.
   *
   * @throws EndpointException CONFLICT if somebody has it
   */
  void take() throws IOException, EndpointException {
    Path directory = runDirectory.resolve("nse");
    held.push("directory " + directory, () -> deleteIfEmpty(directory));
    InstanceLock lock = InstanceLock.take(Nses.lock(runDirectory, name), name);
    held.push("lock of " + name, lock::close);
  }

  /**
   * Makes the namespaces of places that are taken, all or none. One that an earlier instance or a
   * killed process left is taken over with all its links. They are made by one process: `ip` is not
   * made to be run by several that begin with no namespace at all, and a process for each costs
   * more than the namespace.
   */
  static void makeNamespaces(List<NsePlace> places) throws IOException {
    List<String> missing =
        places.stream()
            .filter(place -> !place.netns().exists())
            .map(place -> place.netnsName)
            .toList();
    Netns.createAll(missing);
    places.forEach(NsePlace::holdNamespace);
  }

  private void holdNamespace() {
    String what = "namespace " + netnsName;
    if (!left().contains(what)) {
      held.pushLasting(what, () -> Netns.delete(netnsName));
    }
  }

  /** The namespace, which is made if it is not there. */
  Netns namespace() throws IOException {
    makeNamespaces(List.of(this));
    return netns();
  }

  /** The parts that are not put away yet. */
  List<String> left() {
    return held.left();
  }

  /** Gives it back, and deletes the namespace. Idempotent. */
  @Override
  public void close() throws IOException {
    held.close();
  }

  /** Gives it back to a successor, which finds the namespace. Idempotent. */
  void leave() throws IOException {
    held.leave();
  }

  private Netns netns() {
    return Netns.named(netnsName);
  }

  /** Another process may have an endpoint there. */
  private static void deleteIfEmpty(Path directory) throws IOException {
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException used) {
      LOG.debug("{}: stays, others use it", directory);
    }
  }
}
