package io.vl3.grpc;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.vl3.api.ipam.IPAMGrpc;
import io.vl3.api.ipam.PrefixRequest;
import io.vl3.api.ipam.PrefixResponse;
import io.vl3.api.ipam.Type;
import io.vl3.grpc.internal.StatusCodes;
import io.vl3.health.HealthCode;
import io.vl3.health.Reporter;
import io.vl3.internal.log.Outage;
import io.vl3.ipam.PrefixSource;
import io.vl3.net.IpPrefix;
import io.vl3.time.BackOff;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The own prefix from NSM v1's prefix server ({@code ipam.IPAM/ManagePrefixes}): ours for as long
 * as a stream is open.
 *
 * <p>When the stream breaks the prefix stays in use, and a new stream asks for the same one. A
 * server that has not yet noticed the end of the old stream gives another then: that is given back
 * and the former asked for again, a few times; only then we move. Thread-safe; calls do not block.
 * The caller owns the channel.
 */
public final class PrefixServer implements PrefixSource, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PrefixServer.class);
  private static final BackOff WAITS = new BackOff(Duration.ofMillis(200), Duration.ofSeconds(30));
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
  private static final int TRIES_FOR_THE_FORMER = 3;

  private final Channel channel;
  private final String server;
  private final List<IpPrefix> excluded;
  private final Timer timer;
  private final RandomGenerator random;
  private final Outage outage;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Guards what follows; for memory work only. */
  private final Object lock = new Object();

  private Optional<PrefixGrant> grant = Optional.empty();
  private Optional<Stream> stream = Optional.empty();
  private String trouble = "has not answered";
  private Instant troubleSince;
  private int failures;
  private int replaced;

  /** The last stream ended soon after its grant: the next grant is no end of the trouble yet. */
  private boolean brief;

  private boolean closed;
  private Timer.Cancellable wait = () -> {};

  private PrefixServer(
      Channel channel,
      String server,
      List<IpPrefix> excluded,
      Optional<IpPrefix> former,
      Timer timer,
      RandomGenerator random,
      Reporter reporter) {
    this.channel = channel;
    this.server = server;
    this.excluded = List.copyOf(excluded);
    this.timer = timer;
    this.random = random;
    this.outage =
        new Outage(LOG, timer).reportedTo(reporter, HealthCode.PREFIX_SERVER_AWAY, server);
    this.troubleSince = timer.instant();
    this.former = former.map(IpPrefix::toString).orElse("");
  }

  /** The prefix to ask for before any was granted; empty: any. */
  private final String former;

  /**
   * Starts asking; answers at once.
   *
   * @param server the server's address, for messages
   * @param excluded what the prefix must not contain
   * @param former the prefix of an earlier life, asked for again
   * @param reporter where it is reported that the server is away
   */
  public static PrefixServer start(
      Channel channel,
      String server,
      List<IpPrefix> excluded,
      Optional<IpPrefix> former,
      Timer timer,
      RandomGenerator random,
      Reporter reporter) {
    PrefixServer started =
        new PrefixServer(channel, server, excluded, former, timer, random, reporter);
    started.open();
    return started;
  }

  @Override
  public State current() {
    synchronized (lock) {
      return grant.isPresent() ? new Known(grant.get().prefixes()) : new Missing(why());
    }
  }

  @Override
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Gives the prefix back and stops. Idempotent. */
  @Override
  public void close() {
    Optional<Stream> open;
    Optional<PrefixGrant> held;
    synchronized (lock) {
      closed = true;
      wait.cancel();
      open = stream;
      stream = Optional.empty();
      held = grant;
      grant = Optional.empty();
      trouble = "is no longer asked";
    }
    open.ifPresent(it -> it.end(held.map(PrefixGrant::text)));
  }

  private void open() {
    Stream fresh = new Stream();
    PrefixRequest.Builder request = PrefixRequest.newBuilder().setType(Type.ALLOCATE);
    synchronized (lock) {
      if (closed) {
        return;
      }
      stream = Optional.of(fresh);
      wait = timer.after(ANSWER_TIMEOUT, () -> fresh.failed(Status.DEADLINE_EXCEEDED));
      request.setPrefix(grant.map(PrefixGrant::text).orElse(former));
    }
    excluded.forEach(prefix -> request.addExcludePrefixes(prefix.toString()));
    fresh.start(request.build());
  }

  private void granted(Stream from, PrefixGrant given) {
    boolean again;
    boolean changed;
    boolean settled;
    synchronized (lock) {
      if (!isCurrent(from)) {
        return;
      }
      wait.cancel();
      changed = !grant.equals(Optional.of(given));
      again =
          changed
              && grant.isPresent()
              && from.answeredAt.isEmpty()
              && replaced++ < TRIES_FOR_THE_FORMER;
      from.answeredAt = from.answeredAt.or(() -> Optional.of(timer.instant()));
      if (again) {
        stream = Optional.empty();
        wait = timer.after(WAITS.delay(replaced, random), this::open);
      } else {
        grant = Optional.of(given);
        replaced = 0;
        wait = brief ? timer.after(WAITS.longest(), this::logEnd) : wait;
      }
      settled = !again && !brief;
    }
    if (settled) {
      logEnd();
    }
    if (again) {
      LOG.info("prefix server at {} gave {}: asking again for ours", server, given.text());
      from.end(Optional.of(given.text()));
    } else if (changed) {
      LOG.info("prefix server at {} gave {}, ours is {}", server, given.text(), given.prefixes());
      listeners.forEach(Runnable::run);
    }
  }

  private void ended(Stream which, Status status) {
    synchronized (lock) {
      if (!isCurrent(which)) {
        return;
      }
      stream = Optional.empty();
      if (hasLasted(which)) {
        failures = 0;
      }
      brief = which.answeredAt.isPresent() && !hasLasted(which);
      if (failures++ == 0) {
        troubleSince = timer.instant();
      }
      trouble = trouble(status);
      wait.cancel();
      wait = timer.after(WAITS.delay(failures, random), this::open);
    }
    outage.failed("prefix server at %s %s".formatted(server, trouble(status)));
  }

  private void logEnd() {
    outage.ended("prefix server at %s: holds our prefix again".formatted(server));
  }

  /** A grant alone is no sign that all is well: a server may end each stream right after it. */
  private boolean hasLasted(Stream which) {
    return which
        .answeredAt
        .filter(at -> !timer.instant().isBefore(at.plus(WAITS.longest())))
        .isPresent();
  }

  private boolean isCurrent(Stream which) {
    return !closed && stream.equals(Optional.of(which));
  }

  private String why() {
    long seconds = Duration.between(troubleSince, timer.instant()).toSeconds();
    return "no prefix yet: prefix server at %s %s [for %d s]".formatted(server, trouble, seconds);
  }

  private static String trouble(Status status) {
    return switch (status.getCode()) {
      case OK -> "ended the stream";
      case UNAVAILABLE -> "is unreachable: " + StatusCodes.rootMessage(status);
      case DEADLINE_EXCEEDED -> "does not answer";
      default -> "refuses with %s: %s".formatted(status.getCode(), StatusCodes.rootMessage(status));
    };
  }

  /** One stream; compared by identity. Answers come on the channel's executor, one at a time. */
  private final class Stream implements ClientResponseObserver<PrefixRequest, PrefixResponse> {

    private Optional<ClientCallStreamObserver<PrefixRequest>> call = Optional.empty();

    /** Guarded by the lock. */
    private Optional<Instant> answeredAt = Optional.empty();

    void start(PrefixRequest request) {
      // Not ended by the end of whatever call runs here.
      Context.ROOT.run(
          () -> {
            var unused = IPAMGrpc.newStub(channel).managePrefixes(this);
            synchronized (this) {
              call.ifPresent(it -> it.onNext(request));
            }
          });
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<PrefixRequest> started) {
      synchronized (this) {
        call = Optional.of(started);
      }
    }

    /** Frees a prefix and ends the stream, which frees the rest. */
    synchronized void end(Optional<String> freed) {
      call.ifPresent(
          it -> {
            freed.ifPresent(
                prefix ->
                    it.onNext(
                        PrefixRequest.newBuilder().setType(Type.DELETE).setPrefix(prefix).build()));
            it.onCompleted();
          });
      call = Optional.empty();
    }

    /** Ends the stream from our side. */
    void failed(Status status) {
      ended(this, status);
      synchronized (this) {
        call.ifPresent(it -> it.cancel("no answer", null));
        call = Optional.empty();
      }
    }

    @Override
    public void onNext(PrefixResponse answer) {
      PrefixGrant given;
      try {
        given = PrefixGrant.of(answer);
      } catch (IllegalArgumentException unusable) {
        failed(Status.INTERNAL.withDescription(unusable.getMessage()));
        return;
      }
      granted(this, given);
    }

    @Override
    public void onError(Throwable failure) {
      ended(this, Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      ended(this, Status.OK);
    }
  }
}
