package io.vl3.cli.assembly;

import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.element.EndWhenIdle;
import io.vl3.failure.EndpointException;
import io.vl3.ipam.PrefixSource;
import io.vl3.nse.Vl3Nse;
import io.vl3.registry.EndpointRecord;
import io.vl3.status.NseStatus;
import io.vl3.status.NseView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** The NSEs of a configuration. */
public final class Nses implements AutoCloseable {

  /** The prefix of the name of an NSE's namespace. */
  public static final String NETNS = "vl3-";

  private final Node node;
  private final Runnable onIdle;
  private final List<RunningNse> all = new CopyOnWriteArrayList<>();
  private Optional<EndWhenIdle> idle = Optional.empty();

  private Nses(Node node, Runnable onIdle) {
    this.node = node;
    this.onIdle = onIdle;
  }

  /** Is notified once per NSE, when it is registered. */
  @FunctionalInterface
  public interface RegisteredListener {

    /** The NSE is registered as the record says, and owns what the source says. */
    void registered(EndpointConfig nse, EndpointRecord record, PrefixSource prefixes);
  }

  /**
   * Starts all; they register in the background.
   *
   * @param onRegistered called once per NSE, from several threads
   * @param onIdle called when none of them had a connection for as long as the configuration says
   */
  public static Nses start(
      Node node, Vl3Config config, RegisteredListener onRegistered, Runnable onIdle)
      throws IOException, EndpointException {
    Nses nses = new Nses(node, onIdle);
    try {
      nses.idle = idle(node, config, onIdle);
      for (EndpointConfig endpoint : config.endpoints()) {
        RunningNse nse = new RunningNse(node, endpoint, onRegistered);
        nses.all.add(nse);
        nse.start(config, nses.idle);
      }
      nses.idle.ifPresent(EndWhenIdle::start);
      return nses;
    } catch (IOException | EndpointException | RuntimeException failure) {
      try {
        nses.close();
      } catch (IOException alsoFailed) {
        failure.addSuppressed(alsoFailed);
      }
      throw failure;
    }
  }

  /** The chains that an endpoint of the configuration would have; nothing is started. */
  public static List<Description> describe(Vl3Config config, EndpointConfig endpoint)
      throws EndpointException {
    try (Node node = Node.unconnected(config.state().directory(), config.nsm())) {
      return RunningNse.describe(node, endpoint, config);
    }
  }

  /** The name of the namespace of an NSE. */
  public static String netnsName(EndpointConfig endpoint) {
    return NETNS + endpoint.bareName();
  }

  /** The file that is locked as long as the NSE of the name runs. */
  public static Path lock(Path runDirectory, String name) {
    return runDirectory.resolve("nse").resolve(name + ".lock");
  }

  /** How each is doing. */
  public List<NseStatus> status() {
    return instances().map(Vl3Nse::status).toList();
  }

  /** Each of them, to be looked at. */
  public List<? extends NseView> views() {
    return instances().toList();
  }

  /** The parts that are not put away yet. */
  public List<String> left() {
    return all.stream().flatMap(nse -> nse.left().stream()).toList();
  }

  /**
   * Starts each NSE anew with the settings of a configuration that has the same NSEs. Their
   * connections and links stand meanwhile. One that cannot be started so goes on as it was.
   */
  public void renew(Vl3Config config) throws IOException, EndpointException {
    idle.ifPresent(EndWhenIdle::stop);
    idle = idle(node, config, onIdle);
    for (RunningNse nse : all) {
      nse.renew(config, idle);
    }
    idle.ifPresent(EndWhenIdle::start);
  }

  /** Unregisters, closes connections, deletes namespaces; side by side. */
  @Override
  public void close() throws IOException {
    each(RunningNse::close);
  }

  /** Leaves registrations, connections, links and namespaces to a successor; side by side. */
  public void leave() throws IOException {
    each(RunningNse::leave);
  }

  static Optional<EndWhenIdle> idle(Node node, Vl3Config config, Runnable onIdle) {
    return config
        .nsm()
        .nse()
        .idleTimeout()
        .map(timeout -> new EndWhenIdle(node.runtime().timer(), timeout, onIdle));
  }

  private Stream<Vl3Nse> instances() {
    return all.stream().flatMap(nse -> nse.instance().stream());
  }

  private interface Ending {
    void end(RunningNse nse) throws IOException;
  }

  private void each(Ending ending) throws IOException {
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (RunningNse nse : all) {
      ends.add(CompletableFuture.runAsync(() -> end(nse, ending), node.runtime().executor()));
    }
    IOException first = null;
    for (CompletableFuture<Void> end : ends) {
      try {
        var unused = end.join();
      } catch (CompletionException failed) {
        IOException failure = cause(failed);
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private static void end(RunningNse nse, Ending ending) {
    try {
      ending.end(nse);
    } catch (IOException failure) {
      throw new CompletionException(failure);
    }
  }

  private static IOException cause(CompletionException failed) {
    return failed.getCause() instanceof IOException known ? known : new IOException(failed);
  }
}
