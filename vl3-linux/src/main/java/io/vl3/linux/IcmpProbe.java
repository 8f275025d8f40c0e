package io.vl3.linux;

import io.vl3.net.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;

/**
 * Asks an address for a sign of life from inside a network namespace.
 *
 * <p>With the right to open raw sockets it is an ICMP echo, sent once a second until the timeout.
 * Without it Java tries TCP port 7 instead: an answer or a refusal counts as life, and a host that
 * drops both looks dead. Thread-safe. Its threads stay in the namespace for some seconds after the
 * last probe.
 */
public final class IcmpProbe {

  private final NetnsThreads threads = new NetnsThreads();

  /**
   * Whether the address answers. Blocks at most for the timeout.
   *
   * @param netnsUrl the namespace to ask from, as {@link Netns#locate} takes it
   * @return false also if there is no route
   * @throws IOException if the namespace cannot be entered: nothing is known about the address then
   */
  public boolean alive(String netnsUrl, IpAddress target, Duration timeout) throws IOException {
    int millis = (int) Math.max(1, Math.min(timeout.toMillis(), Integer.MAX_VALUE));
    InetAddress address = InetAddress.getByAddress(target.toBytes());
    try {
      return threads.call(Netns.locate(netnsUrl), () -> reachable(address, millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("probe: %s: interrupted".formatted(target), e);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("probe: %s (expected: an answer or none)".formatted(target), e);
    }
  }

  private static boolean reachable(InetAddress address, int millis) {
    try {
      return address.isReachable(millis);
    } catch (IOException noRoute) {
      return false;
    }
  }
}
