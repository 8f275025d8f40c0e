package io.vl3.linux;

import io.vl3.linux.internal.IcmpSocket;
import io.vl3.linux.internal.NetlinkException;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pings of one address family from inside of one network namespace: one socket and one thread
 * for all that are under way. It ends by itself after some seconds without a ping; until then the
 * namespace exists, even if its name is deleted. Thread-safe.
 */
final class NetnsPinger {

  private static final Logger LOG = LoggerFactory.getLogger(NetnsPinger.class);

  private static final int SILENCES_TO_END = 2;
  private static final Duration REPEAT = Duration.ofSeconds(1);

  /** How often, and how long each time, what has come is waited for after the timeout. */
  private static final int MOST_LATE_READS = 5;

  private static final Duration LATE_READ = Duration.ofMillis(100);

  private final IcmpSocket socket;
  private final Map<Long, Ping> underWay = new ConcurrentHashMap<>();

  /** Guarded by this, like {@code ended}; begins anywhere, so that a late answer fits nothing. */
  private long lastToken = ThreadLocalRandom.current().nextLong();

  private final LongSupplier nanoClock;

  private boolean ended;

  private NetnsPinger(IcmpSocket socket, LongSupplier nanoClock) {
    this.socket = socket;
    this.nanoClock = nanoClock;
  }

  /**
   * A pinger inside of a namespace, with its thread.
   *
   * @param silence two such pauses without an answer, and nothing under way, end it
   * @param nanoClock measures how long answers take, in nanoseconds
   * @param atEnd notified when it has ended
   * @throws NetlinkException EPERM without CAP_NET_RAW, or without the right to enter
   * @throws IOException if the namespace cannot be entered
   */
  static NetnsPinger start(
      Netns netns,
      IpFamily family,
      Duration silence,
      LongSupplier nanoClock,
      Consumer<NetnsPinger> atEnd)
      throws IOException {
    NetnsPinger pinger = new NetnsPinger(open(netns, family, silence), nanoClock);
    String name = "vl3-ping %s %s".formatted(netns.path().getFileName(), family);
    Thread thread = new Thread(() -> pinger.listen(atEnd), name);
    thread.setDaemon(true);
    thread.start();
    return pinger;
  }

  private static IcmpSocket open(Netns netns, IpFamily family, Duration silence)
      throws IOException {
    short identifier = (short) ThreadLocalRandom.current().nextInt();
    try {
      return netns.call(() -> IcmpSocket.open(family, identifier, silence));
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("pings from %s: no socket (expected: one)".formatted(netns), e);
    }
  }

  /**
   * Pings now and then once a second, until the first answer or the timeout.
   *
   * @param packetBytes the packet's size with its IP header
   * @return empty if this pinger has ended
   */
  Optional<CompletableFuture<Echo>> ping(IpAddress target, int packetBytes, Duration timeout) {
    Ping ping;
    synchronized (this) {
      if (ended) {
        return Optional.empty();
      }
      ping = new Ping(target, packetBytes, ++lastToken, timeout);
      underWay.put(ping.token, ping);
    }
    ping.begin();
    return Optional.of(ping.answer);
  }

  private void listen(Consumer<NetnsPinger> atEnd) {
    try (socket) {
      for (int silences = 0; silences < SILENCES_TO_END || !endsNow(); ) {
        Optional<IcmpSocket.Echo> echo = socket.receive();
        echo.ifPresent(this::answered);
        silences = echo.isPresent() ? 0 : silences + 1;
      }
    } catch (NetlinkException failure) {
      LOG.warn("pings: {}", failure.getMessage());
    } finally {
      end();
      atEnd.accept(this);
    }
  }

  private void answered(IcmpSocket.Echo echo) {
    Ping ping = underWay.get(echo.token());
    if (ping != null && ping.target.equals(echo.from())) {
      ping.answered(echo.sequence());
    }
  }

  private synchronized boolean endsNow() {
    ended |= underWay.isEmpty();
    return ended;
  }

  /** Ends the pings that are under way: they will not be answered any more. */
  private void end() {
    synchronized (this) {
      ended = true;
    }
    underWay.values().forEach(ping -> ping.answer.complete(new Echo.Silent()));
  }

  /** Waits for one answer. */
  private final class Ping {

    private final IpAddress target;
    private final int packetBytes;
    private final long token;
    private final Duration timeout;
    private final CompletableFuture<Echo> answer = new CompletableFuture<>();

    /** When each request was sent, the first one's sequence being 1. */
    private final List<Long> sentNanos = new CopyOnWriteArrayList<>();

    /** Done when there was no answer in time; called off with the answer. */
    private volatile CompletableFuture<@Nullable Void> time = new CompletableFuture<>();

    private int lateReads;

    /** Done when it is time to send again; called off with the answer. */
    private volatile CompletableFuture<@Nullable Void> pause = new CompletableFuture<>();

    Ping(IpAddress target, int packetBytes, long token, Duration timeout) {
      this.target = target;
      this.packetBytes = packetBytes;
      this.token = token;
      this.timeout = timeout;
    }

    void begin() {
      timeUpAfter(timeout);
      var unused = answer.whenComplete((alive, failure) -> rest());
      send();
    }

    private void timeUpAfter(Duration delay) {
      time = new CompletableFuture<>();
      var unused = time.thenRun(this::timeUp);
      time.completeOnTimeout(null, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Where much waits for a processor, the answer may have come and not been read yet. */
    private void timeUp() {
      if (answer.isDone()) {
        return;
      }
      if (socket.hasUnread() && lateReads < MOST_LATE_READS) {
        lateReads++;
        timeUpAfter(LATE_READ);
      } else {
        answer.complete(new Echo.Silent());
      }
    }

    void answered(short sequence) {
      int place = (sequence & 0xffff) - 1;
      if (place >= 0 && place < sentNanos.size()) {
        long nanos = nanoClock.getAsLong() - sentNanos.get(place);
        answer.complete(new Echo.Answered(Duration.ofNanos(nanos)));
      }
    }

    private void send() {
      sentNanos.add(nanoClock.getAsLong());
      try {
        socket.send(target, packetBytes, sentNanos.size(), token);
      } catch (NetlinkException noWay) {
        LOG.debug("pings: {}", noWay.getMessage());
        answer.complete(
            noWay.is(NetlinkException.EMSGSIZE)
                ? new Echo.TooBig()
                : new Echo.NoWay(String.valueOf(noWay.getMessage())));
        return;
      }
      if (REPEAT.multipliedBy(sentNanos.size()).compareTo(timeout) >= 0) {
        return; // over by then
      }
      pause = new CompletableFuture<>();
      var unused = pause.thenRun(this::send);
      pause.completeOnTimeout(null, REPEAT.toNanos(), TimeUnit.NANOSECONDS);
      if (answer.isDone()) {
        rest();
      }
    }

    private void rest() {
      underWay.remove(token);
      time.cancel(false);
      pause.cancel(false);
    }
  }
}
