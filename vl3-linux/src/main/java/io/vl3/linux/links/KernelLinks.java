package io.vl3.linux.links;

import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.health.Reporter;
import io.vl3.links.InstalledLinks;
import io.vl3.links.KernelInterfaces;
import io.vl3.links.NseLinks;
import io.vl3.links.SocketPlace;
import io.vl3.linux.Netns;
import io.vl3.linux.Router;
import io.vl3.linux.RouterWatch;
import io.vl3.net.IpPrefix;
import io.vl3.time.Timer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Links of an NSE in a network namespace that routes between them. A forwarder makes the
 * interfaces; forwarding, the refusal of what goes to the own prefixes and no workload has, and the
 * pings of peers are done here.
 */
public final class KernelLinks implements NseLinks {

  private final String name;
  private final Netns netns;
  private final Timer timer;
  private final Executor executor;
  private final KernelInterfaces interfaces;
  private volatile Reporter reporter = Reporter.NONE;
  private volatile Optional<Router> router = Optional.empty();
  private volatile Optional<RouterWatch> watch = Optional.empty();

  /**
   * Links in a namespace, which is not entered before {@link #start}. Its owner deletes it after
   * {@link #close}.
   *
   * @param name the NSE's, for the log
   * @param timer when the namespace is looked after, every {@link RouterWatch#USUAL}
   * @param executor where that is done, which blocks for less than a millisecond
   */
  public KernelLinks(String name, Netns netns, Timer timer, Executor executor) {
    this.name = name;
    this.netns = netns;
    this.timer = timer;
    this.executor = executor;
    this.interfaces = new KernelInterfaces(netns.url());
  }

  /**
   * Packets pass if the other side's first address answers a ping from the namespace.
   *
   * @param timeout how long an answer may take
   */
  public static LivenessProbe probing(Netns netns, Duration timeout) {
    return new PingOtherSide(netns, timeout);
  }

  @Override
  public List<Endpoint> programming() {
    return interfaces.programming();
  }

  @Override
  public Endpoint offering() {
    return interfaces.offering();
  }

  @Override
  public List<Endpoint> asking() {
    return interfaces.asking();
  }

  /** Packets pass as {@link #probing} says. */
  @Override
  public Optional<LivenessProbe> probe(Duration timeout) {
    return Optional.of(probing(netns, timeout));
  }

  @Override
  public Optional<SocketPlace> place() {
    return Optional.of(netns::call);
  }

  @Override
  public Optional<Path> namespace() {
    return Optional.of(netns.path());
  }

  /**
   * Makes the namespace a router, and mends from then on what somebody changes there; what is there
   * of an earlier life stays.
   *
   * @throws EndpointException UNAVAILABLE if a setting is refused, which it names
   */
  @Override
  public void start() throws EndpointException {
    try {
      Router prepared = Router.prepare(netns);
      router = Optional.of(prepared);
      watch =
          Optional.of(
              RouterWatch.start(prepared, name, RouterWatch.USUAL, timer, executor, reporter));
    } catch (IOException failure) {
      throw unavailable(failure);
    }
  }

  @Override
  public void own(List<IpPrefix> prefixes) throws EndpointException {
    try {
      router
          .orElseThrow(() -> new IllegalStateException("own: before start (expected: after)"))
          .own(prefixes);
    } catch (IOException failure) {
      throw unavailable(failure);
    }
  }

  @Override
  public Optional<InstalledLinks> installed() throws EndpointException {
    return Optional.of(NamespaceLinks.of(netns));
  }

  @Override
  public void reportTo(Reporter reporter) {
    this.reporter = reporter;
  }

  /** The namespace is looked after no more; it stays as it is. */
  @Override
  public void close() {
    watch.ifPresent(RouterWatch::close);
  }

  private EndpointException unavailable(IOException failure) {
    return new EndpointException(
        Reason.UNAVAILABLE,
        "namespace %s: %s".formatted(netns.path(), failure.getMessage()),
        failure);
  }
}
