package io.vl3.linux;

import io.vl3.linux.internal.IcmpSocket;
import io.vl3.linux.internal.NetlinkException;
import io.vl3.linux.internal.NetnsId;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Asks addresses for a sign of life from inside of network namespaces.
 *
 * <p>With the right to open raw sockets (CAP_NET_RAW) it is an ICMP echo, sent once a second until
 * the timeout; all that are under way in a namespace share a socket. Without it Java tries TCP port
 * 7 instead: an answer or a refusal counts as life, and a host that drops both looks dead.
 * Thread-safe. It stays in a namespace for some seconds after the last probe there.
 */
public final class IcmpProbe {

  /** Longer than the pause between two rounds of probes, so that nobody wakes in between. */
  private static final Duration SILENCE = Duration.ofMillis(1_500);

  private final Duration silence;

  /** Guarded by itself. A namespace that a pinger has a socket in keeps its id. */
  private final Map<Place, NetnsPinger> pingers = new HashMap<>();

  private final LongSupplier nanoClock;

  /** A probe that is nowhere yet, and does not measure how long answers take. */
  public IcmpProbe() {
    this(SILENCE, () -> 0);
  }

  IcmpProbe(Duration silence, LongSupplier nanoClock) {
    this.silence = silence;
    this.nanoClock = nanoClock;
  }

  /**
   * A probe that measures how long answers take.
   *
   * @param nanoClock in nanoseconds; only goes forward
   */
  public static IcmpProbe timing(LongSupplier nanoClock) {
    return new IcmpProbe(SILENCE, nanoClock);
  }

  /**
   * Whether the address answers. Blocks at most for the timeout, and half a second where answers
   * wait to be read.
   *
   * @param netnsUrl the namespace to ask from, as {@link Netns#locate} takes it
   * @return false also if there is no route
   * @throws IOException if the namespace cannot be entered: nothing is known about the address then
   */
  public boolean alive(String netnsUrl, IpAddress target, Duration timeout) throws IOException {
    CompletableFuture<Boolean> answer =
        begin(Netns.locate(netnsUrl), target, timeout, Runnable::run);
    try {
      return answer.get();
    } catch (InterruptedException e) {
      answer.cancel(false);
      Thread.currentThread().interrupt();
      throw new IOException("probe: %s: interrupted".formatted(target), e);
    } catch (ExecutionException e) {
      throw new IOException("probe: %s (expected: an answer or none)".formatted(target), e);
    }
  }

  /**
   * The same without waiting for the answer.
   *
   * @param executor where a probe without raw sockets blocks
   * @throws IOException if the namespace cannot be entered
   */
  public CompletableFuture<Boolean> begin(
      Netns netns, IpAddress target, Duration timeout, Executor executor) throws IOException {
    try {
      return echo(netns, target, IcmpSocket.leastBytes(target.family()), timeout)
          .thenApply(Echo.Answered.class::isInstance);
    } catch (NetlinkException e) {
      if (!e.is(NetlinkException.EPERM)) {
        throw e;
      }
      return CompletableFuture.supplyAsync(() -> isReachable(netns, target, timeout), executor);
    }
  }

  /**
   * Sends echo requests of a size, which nobody may fragment, once a second until one is answered.
   * Does not block.
   *
   * @param packetBytes the packets' size with their IP header; raised to the least one there is
   * @return what came of it; it never fails
   * @throws IOException if the namespace cannot be entered, or raw sockets are not allowed
   */
  public CompletableFuture<Echo> echo(
      Netns netns, IpAddress target, int packetBytes, Duration timeout) throws IOException {
    int bytes = Math.max(packetBytes, IcmpSocket.leastBytes(target.family()));
    Place place = new Place(NetnsId.of(netns.path()), target.family());
    while (true) {
      NetnsPinger pinger = pinger(place, netns);
      Optional<CompletableFuture<Echo>> answer = pinger.ping(target, bytes, timeout);
      if (answer.isPresent()) {
        return answer.get();
      }
      forget(place, pinger);
    }
  }

  private NetnsPinger pinger(Place place, Netns netns) throws IOException {
    synchronized (pingers) {
      NetnsPinger running = pingers.get(place);
      if (running == null) {
        running =
            NetnsPinger.start(
                netns, place.family(), silence, nanoClock, ended -> forget(place, ended));
        pingers.put(place, running);
      }
      return running;
    }
  }

  private void forget(Place place, NetnsPinger ended) {
    synchronized (pingers) {
      pingers.remove(place, ended);
    }
  }

  private static boolean isReachable(Netns netns, IpAddress target, Duration timeout) {
    try {
      InetAddress address = InetAddress.getByAddress(target.toBytes());
      int millis = (int) Math.max(1, Math.min(timeout.toMillis(), Integer.MAX_VALUE));
      return netns.call(() -> isReachable(address, millis));
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  private static boolean isReachable(InetAddress address, int millis) {
    try {
      return address.isReachable(millis);
    } catch (IOException noRoute) {
      return false;
    }
  }

  private record Place(NetnsId netns, IpFamily family) {}
}
