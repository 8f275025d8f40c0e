package io.vl3.nameserver;

import io.vl3.nameserver.Received.Query;
import io.vl3.nameserver.Received.Refused;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;

/** Questions in packets. One thread reads them and answers what needs nobody else. */
final class UdpService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(UdpService.class);

  /** A socket that fails this often in a row will not work again. */
  private static final int MOST_FAILURES = 100;

  private final DatagramSocket socket;
  private final Responder responder;
  private final Executor executor;

  /** Used by the reading thread alone. */
  private final DatagramPacket packet =
      new DatagramPacket(new byte[Message.MAXLENGTH], Message.MAXLENGTH);

  UdpService(DatagramSocket socket, Responder responder, Executor executor) {
    this.socket = socket;
    this.responder = responder;
    this.executor = executor;
  }

  /** Serves until it is closed. */
  void run() {
    int failures = 0;
    while (failures < MOST_FAILURES && !socket.isClosed()) {
      try {
        receive();
        failures = 0;
      } catch (IOException | RuntimeException failure) {
        failures++;
        if (!socket.isClosed()) {
          LOG.warn("name server {}: a question lost", socket.getLocalSocketAddress(), failure);
        }
      }
    }
    if (!socket.isClosed()) {
      LOG.error("name server {}: gives up", socket.getLocalSocketAddress());
    }
  }

  @Override
  public void close() {
    socket.close();
  }

  private void receive() throws IOException {
    packet.setLength(Message.MAXLENGTH);
    socket.receive(packet);
    byte[] wire = Arrays.copyOf(packet.getData(), packet.getLength());
    Received.read(wire).ifPresent(received -> serve(received, packet.getSocketAddress()));
  }

  private void serve(Received received, SocketAddress from) {
    if (received instanceof Refused refused) {
      send(Replies.code(refused), refused.edns(), from);
      return;
    }
    Query query = (Query) received;
    Optional<Message> known = responder.atOnce(query);
    if (known.isPresent()) {
      send(known.get(), query.edns(), from);
    } else if (responder.tryBegin()) {
      forward(query, from);
    } else {
      send(responder.cannotTell(query), query.edns(), from);
    }
  }

  private void forward(Query query, SocketAddress from) {
    try {
      executor.execute(() -> send(responder.afterAsking(query), query.edns(), from));
    } catch (RejectedExecutionException ending) {
      LOG.debug("name server: no answer to {}, the process ends", from);
    }
  }

  private void send(Message reply, Optional<OPTRecord> asked, SocketAddress to) {
    byte[] wire = Replies.datagram(reply, asked);
    try {
      socket.send(new DatagramPacket(wire, wire.length, to));
    } catch (IOException | IllegalArgumentException failure) {
      // No way back to whoever wrote that address, or a port of 0.
      LOG.debug("name server: no answer to {}: {}", to, failure.toString());
    }
  }
}
