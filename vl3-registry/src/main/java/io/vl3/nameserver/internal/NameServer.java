package io.vl3.nameserver.internal;

import io.vl3.dns.PeerServers;
import io.vl3.links.SocketPlace;
import io.vl3.measure.Meter;
import io.vl3.nameserver.NameServerSettings;
import io.vl3.time.Timer;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * A DNS server that tells the names of a {@link Zone}, and of the rest what the servers of peers
 * know. Listens with UDP and TCP. Thread-safe.
 *
 * <p>A question with RD is asked on to the peers, with RD off; one with RD off, as a peer's server
 * asks it, is answered from the own table alone. So no question comes back.
 */
public final class NameServer implements AutoCloseable {

  private final Sockets sockets;
  private final UdpService udp;
  private final TcpService tcp;

  private NameServer(Sockets sockets, UdpService udp, TcpService tcp) {
    this.sockets = sockets;
    this.udp = udp;
    this.tcp = tcp;
  }

  /**
   * Opens the sockets and serves.
   *
   * @param place where sockets are opened
   * @param executor where it waits for questions and for peers; what runs there blocks, so it must
   *     not be bounded tightly
   * @param random draws the identifiers of questions to peers; thread-safe
   * @throws IOException if the port is taken or may not be used, or the place cannot be entered
   */
  public static NameServer open(
      Zone zone,
      PeerServers peers,
      NameServerSettings settings,
      SocketPlace place,
      Executor executor,
      Timer timer,
      RandomGenerator random,
      Meter meter)
      throws IOException {
    Sockets sockets = Sockets.open(place, settings);
    Responder responder =
        new Responder(
            new LocalAnswers(zone, settings),
            new AskPeers(peers, settings, place, timer, random),
            settings.limits());
    UdpService udp =
        new UdpService(
            sockets.udp,
            responder,
            new KnownAnswers(zone.names()),
            executor,
            timer,
            new Questions(meter, "udp"));
    TcpService tcp =
        new TcpService(
            sockets.tcp,
            responder,
            settings.limits(),
            executor,
            timer,
            new Questions(meter, "tcp"));
    executor.execute(udp::run);
    executor.execute(tcp::run);
    return new NameServer(sockets, udp, tcp);
  }

  /** Where it listens. */
  public int port() {
    return sockets.tcp.getLocalPort();
  }

  /** How many TCP connections are open. */
  public int connections() {
    return tcp.size();
  }

  /** Ends it; questions that are with peers stay without an answer. Idempotent. */
  @Override
  public void close() throws IOException {
    udp.close();
    tcp.close();
  }

  private record Sockets(DatagramSocket udp, ServerSocket tcp) {

    static Sockets open(SocketPlace place, NameServerSettings settings) throws IOException {
      try {
        return place.call(() -> opened(at(settings)));
      } catch (IOException | RuntimeException failure) {
        throw failure;
      } catch (Exception failure) {
        throw new IOException("name server: not opened", failure);
      }
    }

    private static InetSocketAddress at(NameServerSettings settings) {
      return settings
          .address()
          .map(address -> new InetSocketAddress(Addresses.of(address), settings.port()))
          .orElseGet(() -> new InetSocketAddress(settings.port()));
    }

    /** The same port for both. */
    private static Sockets opened(InetSocketAddress at) throws IOException {
      ServerSocket tcp = new ServerSocket();
      try {
        tcp.setReuseAddress(true);
        tcp.bind(at);
        return new Sockets(new DatagramSocket(tcp.getLocalSocketAddress()), tcp);
      } catch (IOException failure) {
        tcp.close();
        throw new IOException(
            "name server: port %d: %s (expected: a free port that we may use)"
                .formatted(at.getPort(), failure.getMessage()),
            failure);
      }
    }
  }
}
