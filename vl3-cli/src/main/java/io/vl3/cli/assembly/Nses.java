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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The NSEs of a configuration. */
public final class Nses implements AutoCloseable {

  /** The prefix of the name of an NSE's namespace. */
  public static final String NETNS = "vl3-";

  /** A start waits little and computes much: with more at a time none is sooner. */
  private static final int MOST_STARTING = 8;

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

  /** Starts all; they register in the background. */
  public static Nses start(
      Node node, Vl3Config config, RegisteredListener onRegistered, Runnable onIdle)
      throws IOException, EndpointException {
    return start(node, config, onRegistered, onIdle, () -> false);
  }

  /**
   * Starts all, some at a time; they register in the background. If one cannot start, none does.
   *
   * @param onRegistered called once per NSE, from several threads
   * @param onIdle called when none of them had a connection for as long as the configuration says
   * @param ending whether the process is to end; none is begun any more then
   * @throws EndpointException of the first in the order of the configuration that cannot start
   */
  public static Nses start(
      Node node,
      Vl3Config config,
      RegisteredListener onRegistered,
      Runnable onIdle,
      BooleanSupplier ending)
      throws IOException, EndpointException {
    Nses nses = new Nses(node, onIdle);
    try {
      nses.begin(config, onRegistered, ending);
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

  private void begin(Vl3Config config, RegisteredListener onRegistered, BooleanSupplier ending)
      throws IOException, EndpointException {
    idle = idle(node, config, onIdle);
    for (EndpointConfig endpoint : config.endpoints()) {
      all.add(new RunningNse(node, endpoint, onRegistered));
    }
    List<NsePlace> places = all.stream().map(RunningNse::place).toList();
    for (NsePlace place : places) {
      place.take();
    }
    if (config.dataplane().wantsNamespace()) {
      NsePlace.makeNamespaces(places);
    }
    SideBySide.inTurns(
        all, node.runtime().executor(), MOST_STARTING, nse -> nse.start(config, idle), ending);
    idle.ifPresent(EndWhenIdle::start);
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

  private void each(SideBySide.Task<RunningNse> ending) throws IOException {
    try {
      SideBySide.toAll(all, node.runtime().executor(), ending);
    } catch (EndpointException failure) {
      throw new IOException(failure);
    }
  }
}
