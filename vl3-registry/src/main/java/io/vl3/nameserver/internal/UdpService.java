package io.vl3.nameserver.internal;

import io.vl3.internal.log.AcceptTrouble;
import io.vl3.nameserver.internal.KnownAnswers.Answer;
import io.vl3.nameserver.internal.Received.Query;
import io.vl3.nameserver.internal.Received.Refused;
import io.vl3.time.Timer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
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

  /** Packets that our own fault lost are logged so many times: senders shall not fill the log. */
  private static final int MOST_FAULTS = 20;

  private final DatagramSocket socket;
  private final Responder responder;
  private final Executor executor;
  private final AcceptTrouble trouble;
  private final Questions questions;

  /** Used by the reading thread alone, as is what follows. */
  private final KnownAnswers known;

  private final DatagramPacket packet =
      new DatagramPacket(new byte[Message.MAXLENGTH], Message.MAXLENGTH);

  private int faults;

  UdpService(
      DatagramSocket socket,
      Responder responder,
      KnownAnswers known,
      Executor executor,
      Timer timer,
      Questions questions) {
    this.socket = socket;
    this.responder = responder;
    this.known = known;
    this.executor = executor;
    this.questions = questions;
    this.trouble =
        new AcceptTrouble(
            "name server %s: packets".formatted(socket.getLocalSocketAddress()), LOG, timer);
  }

  /** Serves until it is closed. */
  void run() {
    try {
      while (!socket.isClosed()) {
        receive();
      }
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    socket.close();
    trouble.close();
  }

  private void receive() throws InterruptedException {
    try {
      packet.setLength(Message.MAXLENGTH);
      socket.receive(packet);
      trouble.worked();
      received();
    } catch (IOException failure) {
      if (!socket.isClosed()) {
        trouble.pauseAfter(failure);
      }
    } catch (RuntimeException fault) {
      if (faults++ < MOST_FAULTS) {
        LOG.error("name server {}: a question lost", socket.getLocalSocketAddress(), fault);
      }
    }
  }

  private void received() {
    InetSocketAddress from = (InetSocketAddress) packet.getSocketAddress();
    Optional<Answer> before = known.find(packet.getData(), packet.getLength());
    if (before.isPresent()) {
      send(before.get(), from);
      return;
    }
    byte[] wire = Arrays.copyOf(packet.getData(), packet.getLength());
    Received.read(wire).ifPresent(received -> serve(received, wire, from));
  }

  private void serve(Received received, byte[] wire, InetSocketAddress from) {
    if (received instanceof Refused refused) {
      send(answer(Replies.code(refused), refused.edns()), from);
      return;
    }
    Query query = (Query) received;
    Optional<Answer> here = responder.known(query).map(reply -> answer(reply, query.edns()));
    if (here.isPresent()) {
      known.keep(wire, wire.length, here.get());
      send(here.get(), from);
    } else {
      serveUnknown(query, from);
    }
  }

  private void serveUnknown(Query query, InetSocketAddress from) {
    Optional<Message> here = responder.unknown(query);
    if (here.isPresent()) {
      send(answer(here.get(), query.edns()), from);
    } else if (responder.tryBegin(from.getAddress())) {
      forward(query, from);
    } else {
      send(answer(responder.cannotTell(query), query.edns()), from);
    }
  }

  private void forward(Query query, InetSocketAddress from) {
    try {
      executor.execute(
          () -> send(answer(responder.afterAsking(query, from.getAddress()), query.edns()), from));
    } catch (RejectedExecutionException ending) {
      responder.giveUp(from.getAddress());
      LOG.debug("name server: no answer to {}, the process ends", from);
    }
  }

  private Answer answer(Message reply, Optional<OPTRecord> asked) {
    return new Answer(Replies.datagram(reply, asked), questions.counter(reply));
  }

  private void send(Answer answer, InetSocketAddress to) {
    byte[] wire = answer.wire();
    answer.count();
    try {
      socket.send(new DatagramPacket(wire, wire.length, to));
    } catch (IOException | IllegalArgumentException failure) {
      // No way back to whoever wrote that address, or a port of 0.
      LOG.debug("name server: no answer to {}: {}", to, failure.toString());
    }
  }
}
