package io.vl3.grpc;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.vl3.api.ippool.AllocatorGrpc;
import io.vl3.api.ippool.Subnet;
import io.vl3.grpc.internal.StatusCodes;
import io.vl3.health.HealthCode;
import io.vl3.health.Reporter;
import io.vl3.internal.log.Outage;
import io.vl3.ipam.PrefixSource;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import io.vl3.time.BackOff;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The own prefix from the original's central IPAM ({@code ippool.Allocator}): leased for hours,
 * renewed when half of the lease is over, given back by {@link #close}.
 *
 * <p>While the server is away, there is a prefix until the lease ends, and then none: never one of
 * our own choice. Attempts go on with growing waits. Thread-safe; only {@link #close} blocks, for
 * at most two seconds. The caller owns the channel.
 */
public final class CentralIpam implements PrefixSource, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CentralIpam.class);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration FREE_TIMEOUT = Duration.ofSeconds(2);
  private static final BackOff WAITS = new BackOff(Duration.ofSeconds(1), Duration.ofMinutes(1));
  private static final Duration SHORTEST_LEASE = Duration.ofHours(1);

  private final Channel channel;
  private final Settings settings;
  private final SubnetMessages messages;
  private final Timer timer;
  private final RandomGenerator random;
  private final Outage outage;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Guards what follows; for memory work only. */
  private final ReentrantLock lock = new ReentrantLock();

  private Optional<Lease> lease = Optional.empty();

  /** The lease of an earlier life of ours, as long as it may still be ours. */
  private Optional<Lease> former = Optional.empty();

  private String trouble = "has not answered";
  private String cause = "";
  private Instant troubleSince;
  private int failures;
  private boolean closed;
  private Timer.Cancellable attempt = () -> {};
  private Timer.Cancellable leaseEnd = () -> {};

  /**
   * What to ask for.
   *
   * @param server the server's address, for messages
   * @param fqdn the config's {@code nseControl.address}
   * @param name {@code CLUSTER_POD}
   * @param connectivityDomain the config's {@code nseControl.connectivityDomain}
   * @param family the address family
   * @param prefixLength the prefix's length in bits
   */
  public record Settings(
      String server,
      String fqdn,
      String name,
      String connectivityDomain,
      IpFamily family,
      int prefixLength) {

    /** Refuses a length that the family does not have. */
    public Settings {
      if (prefixLength < 0 || prefixLength > family.bits()) {
        throw new IllegalArgumentException(
            "prefixLength: %d (expected: 0..%d for %s)"
                .formatted(prefixLength, family.bits(), family));
      }
    }
  }

  private CentralIpam(
      Channel channel, Settings settings, Timer timer, RandomGenerator random, Reporter reporter) {
    this.channel = channel;
    this.settings = settings;
    this.messages = new SubnetMessages(settings);
    this.timer = timer;
    this.random = random;
    this.outage =
        new Outage(LOG, timer).reportedTo(reporter, HealthCode.PREFIX_SERVER_AWAY, settings.server);
    this.troubleSince = timer.instant();
  }

  /** Starts asking; answers at once. */
  public static CentralIpam start(
      Channel channel, Settings settings, Timer timer, RandomGenerator random) {
    return start(channel, settings, Optional.empty(), timer, random, Reporter.NONE);
  }

  /**
   * Starts asking; answers at once.
   *
   * @param former the prefix of an earlier life: its lease is renewed if the server still knows it
   * @param reporter where it is reported that the server is away
   */
  public static CentralIpam start(
      Channel channel,
      Settings settings,
      Optional<IpPrefix> former,
      Timer timer,
      RandomGenerator random,
      Reporter reporter) {
    CentralIpam ipam = new CentralIpam(channel, settings, timer, random, reporter);
    ipam.former = former.filter(prefix -> prefix.family() == settings.family).map(ipam::endedLease);
    ipam.ask();
    return ipam;
  }

  @Override
  public State current() {
    lock.lock();
    try {
      return liveLease().isPresent()
          ? new Known(List.of(liveLease().get().prefix))
          : new Missing(why());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * Gives the prefix back and stops. A prefix that cannot be given back ends with its lease.
   * Idempotent.
   */
  @Override
  public void close() {
    stop().ifPresent(given -> free(given.subnet));
  }

  /** Stops, and leaves the lease to a successor, who asks for the same prefix. Idempotent. */
  public void leave() {
    var unused = stop();
  }

  private Optional<Lease> stop() {
    lock.lock();
    try {
      Optional<Lease> held = lease;
      closed = true;
      attempt.cancel();
      leaseEnd.cancel();
      lease = Optional.empty();
      trouble = "is no longer asked";
      return held;
    } finally {
      lock.unlock();
    }
  }

  /** Renews while the lease lasts, else asks for a prefix. One call is under way at a time. */
  private void ask() {
    Optional<Lease> held;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      held = liveLease().or(() -> former);
    } finally {
      lock.unlock();
    }
    AllocatorGrpc.AllocatorStub stub =
        AllocatorGrpc.newStub(channel)
            .withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    if (held.isPresent()) {
      stub.renewSubnetLease(held.get().subnet, new Answer(held));
    } else {
      stub.allocateSubnet(messages.request(), new Answer(held));
    }
  }

  private Lease endedLease(IpPrefix prefix) {
    return new Lease(messages.subnet(prefix), prefix, SHORTEST_LEASE, timer.instant());
  }

  private void granted(Lease given) {
    boolean changed;
    boolean late;
    lock.lock();
    try {
      late = closed;
      changed = liveLease().map(old -> !old.prefix.equals(given.prefix)).orElse(true);
      if (!late) {
        keep(given);
      }
    } finally {
      lock.unlock();
    }
    if (late) {
      freeLate(given.subnet);
      return;
    }
    outage.ended("IPAM at %s: answers again".formatted(settings.server));
    if (changed) {
      LOG.info("IPAM at {} gave {} for {}", settings.server, given.prefix, given.length);
      tell();
    }
  }

  private void keep(Lease given) {
    lease = Optional.of(given);
    former = Optional.empty();
    failures = 0;
    leaseEnd.cancel();
    leaseEnd = timer.after(given.length, this::tell);
    attempt = timer.after(given.length.dividedBy(2), this::ask);
  }

  private void failed(Throwable failure, boolean forgotten) {
    Status status = Status.fromThrowable(failure);
    String line;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (failures++ == 0 && lease.isPresent()) {
        troubleSince = timer.instant();
      }
      trouble = isAway(status) ? "unreachable" : "refuses with " + status.getCode();
      cause = StatusCodes.rootMessage(status);
      line = "IPAM at %s %s: %s".formatted(settings.server, trouble, cause);
      if (forgotten) {
        lease = Optional.empty();
      }
      attempt = timer.after(WAITS.delay(failures, random), this::ask);
    } finally {
      lock.unlock();
    }
    outage.failed(line);
    if (forgotten) {
      tell();
    }
  }

  private static boolean isAway(Status status) {
    return status.getCode() == Status.Code.UNAVAILABLE
        || status.getCode() == Status.Code.DEADLINE_EXCEEDED;
  }

  /** Whether it was the former lease that the server does not renew: then another will do. */
  private boolean formerRefused(Status status) {
    lock.lock();
    try {
      boolean refused = !closed && former.isPresent() && lease.isEmpty() && !isAway(status);
      if (refused) {
        former = Optional.empty();
      }
      return refused;
    } finally {
      lock.unlock();
    }
  }

  private Optional<Lease> liveLease() {
    return lease.filter(held -> timer.instant().isBefore(held.end));
  }

  private String why() {
    String ended =
        lease
            .map(old -> "no prefix any more: the lease of %s ended: ".formatted(old.prefix))
            .orElse("no prefix yet: ");
    long seconds = Duration.between(troubleSince, timer.instant()).toSeconds();
    return "%sIPAM at %s %s for %d s%s"
        .formatted(ended, settings.server, trouble, seconds, cause.isEmpty() ? "" : ": " + cause);
  }

  private void tell() {
    listeners.forEach(Runnable::run);
  }

  private void free(Subnet subnet) {
    try {
      io.vl3.api.ippool.Empty freed =
          AllocatorGrpc.newBlockingStub(channel)
              .withDeadlineAfter(FREE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
              .freeSubnet(subnet);
      LOG.debug("IPAM at {} took the prefix back: {}", settings.server, freed);
    } catch (RuntimeException failure) {
      LOG.warn(
          "IPAM at {}: could not give {} back; it ends with its lease",
          settings.server,
          subnet.getPrefix().getSubnet(),
          failure);
    }
  }

  /** Gives back what was granted after the close; on a transport thread, so without waiting. */
  private void freeLate(Subnet subnet) {
    AllocatorGrpc.newStub(channel)
        .withDeadlineAfter(FREE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .freeSubnet(subnet, new Ignored());
  }

  /** The deepest message, which names what happened: "connection refused". */
  private Lease lease(Subnet answer, Optional<Lease> before) {
    Subnet subnet =
        answer.hasPrefix() || before.isEmpty()
            ? answer
            : answer.toBuilder().setPrefix(before.get().subnet.getPrefix()).build();
    IpPrefix prefix = IpPrefix.parseLenient(subnet.getPrefix().getSubnet());
    if (prefix.family() != settings.family) {
      throw new IllegalArgumentException(
          "prefix: %s (expected: %s)".formatted(prefix, settings.family));
    }
    Duration length =
        answer.getLeaseTimeout() > 0
            ? Duration.ofHours(answer.getLeaseTimeout())
            : before.map(Lease::length).orElse(SHORTEST_LEASE);
    return new Lease(subnet, prefix, length, timer.instant().plus(length));
  }

  private record Lease(Subnet subnet, IpPrefix prefix, Duration length, Instant end) {}

  /** Nobody waits for it. */
  private static final class Ignored implements StreamObserver<io.vl3.api.ippool.Empty> {
    @Override
    public void onNext(io.vl3.api.ippool.Empty answer) {}

    @Override
    public void onError(Throwable failure) {
      LOG.debug("a prefix granted after the close was not given back", failure);
    }

    @Override
    public void onCompleted() {}
  }

  /** Takes one answer. */
  private final class Answer implements StreamObserver<Subnet> {

    private final Optional<Lease> renewed;

    Answer(Optional<Lease> renewed) {
      this.renewed = renewed;
    }

    @Override
    public void onNext(Subnet answer) {
      try {
        granted(lease(answer, renewed));
      } catch (IllegalArgumentException bad) {
        failed(Status.INTERNAL.withDescription(bad.getMessage()).asRuntimeException(), false);
      }
    }

    @Override
    public void onError(Throwable failure) {
      Status status = Status.fromThrowable(failure);
      if (renewed.isPresent() && formerRefused(status)) {
        LOG.info(
            "IPAM at {}: {} of before is not renewed: {}",
            settings.server,
            renewed.get().prefix,
            status);
        ask();
        return;
      }
      failed(failure, renewed.isPresent() && status.getCode() == Status.Code.NOT_FOUND);
    }

    @Override
    public void onCompleted() {}
  }
}
