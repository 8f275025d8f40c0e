package io.vl3.linux;

import io.vl3.linux.internal.LinkInfo;
import io.vl3.linux.internal.PacketSocket;
import io.vl3.linux.internal.RtNetlink;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sees whatever the interfaces of a network namespace send and receive, those that come later too.
 * For one thread at a time. While it is open the namespace exists.
 */
public final class PacketTap implements AutoCloseable {

  private static final Duration SILENCE = Duration.ofMillis(200);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final PacketSocket socket;
  private final RtNetlink netlink;
  private final Map<Integer, String> names = new HashMap<>();

  private PacketTap(PacketSocket socket, RtNetlink netlink) {
    this.socket = socket;
    this.netlink = netlink;
  }

  /**
   * Begins to see.
   *
   * @param snapBytes how much of each packet is kept
   * @throws IOException without CAP_NET_RAW, or if the namespace cannot be entered
   */
  public static PacketTap open(Netns netns, int snapBytes) throws IOException {
    try {
      return netns.call(() -> openHere(snapBytes));
    } catch (IOException | RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IOException("capture in %s: %s".formatted(netns.path(), failure), failure);
    }
  }

  private static PacketTap openHere(int snapBytes) throws IOException {
    RtNetlink netlink = RtNetlink.open(TIMEOUT);
    try {
      return new PacketTap(PacketSocket.open(snapBytes, SILENCE), netlink);
    } catch (IOException | RuntimeException failure) {
      netlink.close();
      throw failure;
    }
  }

  /**
   * A packet.
   *
   * @param interfaceIndex of the interface that sent or received it
   * @param interfaceName its name; empty text if it was gone before anybody asked
   * @param ethernet whether it begins with an Ethernet header, else with that of IP
   * @param outgoing whether the interface sent it
   * @param epochNanos when, in nanoseconds since 1970
   * @param lengthBytes how long it is
   * @param data its beginning
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, and not compared
  public record Packet(
      int interfaceIndex,
      String interfaceName,
      boolean ethernet,
      boolean outgoing,
      long epochNanos,
      int lengthBytes,
      byte[] data) {}

  /**
   * The next packet; empty if there was none for some tenths of a second.
   *
   * @param waits whether to wait for one at all
   */
  public Optional<Packet> next(boolean waits) throws IOException {
    Optional<PacketSocket.Packet> got = socket.receive(waits);
    if (got.isEmpty()) {
      return Optional.empty();
    }
    PacketSocket.Packet packet = got.get();
    return Optional.of(
        new Packet(
            packet.interfaceIndex(),
            name(packet.interfaceIndex()),
            isEthernet(packet.hardwareType()),
            packet.outgoing(),
            packet.epochNanos(),
            packet.lengthBytes(),
            packet.data()));
  }

  /** How many packets were lost so far, as nobody took them in time. */
  public long dropped() throws IOException {
    return socket.dropped();
  }

  @Override
  public void close() {
    socket.close();
    netlink.close();
  }

  private String name(int index) throws IOException {
    String known = names.get(index);
    if (known == null) {
      for (LinkInfo link : netlink.links()) {
        names.put(link.index(), link.name());
      }
      known = names.computeIfAbsent(index, gone -> "");
    }
    return known;
  }

  /** ARPHRD_ETHER, ARPHRD_LOOPBACK. */
  private static boolean isEthernet(int hardwareType) {
    return hardwareType == 1 || hardwareType == 772;
  }
}
