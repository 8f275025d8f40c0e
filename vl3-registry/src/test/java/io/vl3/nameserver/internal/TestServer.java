package io.vl3.nameserver.internal;

import io.vl3.connection.ConnectionId;
import io.vl3.dns.DnsName;
import io.vl3.dns.NameTable;
import io.vl3.dns.PeerServers;
import io.vl3.dns.PeerServers.PeerServer;
import io.vl3.links.SocketPlace;
import io.vl3.measure.Measurements;
import io.vl3.nameserver.NameServerSettings;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.time.SystemTimer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;

/** A server on a free port of all loopback addresses, for the domain {@code vl3}. */
final class TestServer implements AutoCloseable {

  static final Duration LONG = Duration.ofSeconds(90);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final NameTable names = new NameTable();
  final PeerServers peers = new PeerServers();
  final Measurements measurements = new Measurements(() -> 0);
  final NameServer server;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);

  private TestServer(NameServerSettings settings) throws IOException {
    Zone zone =
        new Zone(
            names,
            List.of(DnsName.parse("vl3")),
            () -> List.of(IpPrefix.parse("10.0.0.0/16"), IpPrefix.parse("2001:db8::/64")));
    server =
        NameServer.open(
            zone,
            peers,
            settings,
            SocketPlace.HERE,
            executor,
            new SystemTimer(scheduler),
            new Random(3),
            measurements.meter("nse"));
  }

  static TestServer start() throws IOException {
    return start(0, LONG);
  }

  static TestServer start(int peerPort, Duration peerTimeout) throws IOException {
    return start(NameServerSettings.DEFAULT.withPorts(0, peerPort).withPeerTimeout(peerTimeout));
  }

  static TestServer start(NameServerSettings settings) throws IOException {
    return new TestServer(settings);
  }

  void name(String name, String... addresses) {
    names.put(
        new ConnectionId(name),
        List.of(DnsName.parse(name)),
        Arrays.stream(addresses).map(IpAddress::parse).toList());
  }

  void peer(String address, boolean asksOthers) {
    peers.put(new ConnectionId(address), new PeerServer(IpAddress.parse(address), asksOthers));
  }

  int port() {
    return server.port();
  }

  /** Asks as a workload's resolver does. */
  Message ask(String name, int type) throws IOException {
    return send(query(name, type));
  }

  Message send(Message query) throws IOException {
    return resolver().send(query);
  }

  Message sendTcp(Message query) throws IOException {
    SimpleResolver resolver = resolver();
    resolver.setTCP(true);
    return resolver.send(query);
  }

  /** What comes back for a packet as it is; fails after a while without answer. */
  Message raw(byte[] packet) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.send(
          new DatagramPacket(packet, packet.length, InetAddress.getLoopbackAddress(), port()));
      DatagramPacket answer = new DatagramPacket(new byte[65_535], 65_535);
      socket.receive(answer);
      return new Message(Arrays.copyOf(answer.getData(), answer.getLength()));
    }
  }

  static Message query(String name, int type) throws IOException {
    return Message.newQuery(Record.newRecord(Name.fromString(name + "."), type, DClass.IN));
  }

  private SimpleResolver resolver() throws IOException {
    SimpleResolver resolver = new SimpleResolver("127.0.0.1");
    resolver.setPort(port());
    resolver.setTimeout(PATIENCE);
    resolver.setIgnoreTruncation(true);
    return resolver;
  }

  @Override
  public void close() throws IOException {
    server.close();
    executor.shutdownNow();
    scheduler.shutdownNow();
  }
}
