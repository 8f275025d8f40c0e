package io.vl3.nameserver.internal;

import io.vl3.dns.PeerServers;
import io.vl3.dns.PeerServers.PeerServer;
import io.vl3.internal.log.Outage;
import io.vl3.links.SocketPlace;
import io.vl3.nameserver.NameServerSettings;
import io.vl3.time.Deadline;
import io.vl3.time.Timer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Asks the servers of all peers side by side, by one socket with a port of its own for each
 * question. The first that has records decides.
 *
 * <p>A name is asked for as it was asked of us, for NSM's own servers compare letter by letter and
 * keep the capitals of labels. A server that does not know it so is asked for it in lower case too:
 * most names are, and some resolvers mix the case of what they ask as a protection.
 *
 * <p>What we ask is not to be asked on (RD off), but of a hub by a spoke; so no question goes
 * around in a circle.
 */
final class AskPeers {

  private static final Logger LOG = LoggerFactory.getLogger(AskPeers.class);

  /** A lost packet is made up for twice. */
  private static final int ROUNDS = 3;

  private static final int IDS = 0x10000;

  private final PeerServers servers;
  private final NameServerSettings settings;
  private final SocketPlace place;
  private final Timer timer;
  private final RandomGenerator random;
  private final Outage outage;

  AskPeers(
      PeerServers servers,
      NameServerSettings settings,
      SocketPlace place,
      Timer timer,
      RandomGenerator random) {
    this.servers = servers;
    this.settings = settings;
    this.place = place;
    this.timer = timer;
    this.random = random;
    this.outage = new Outage(LOG, timer);
  }

  /** Blocks until one knows the name, all have answered, or the time is over. */
  PeerAnswer ask(Record question) {
    List<PeerServer> asked = servers.all();
    if (asked.isEmpty()) {
      return new PeerAnswer.Unknown();
    }
    try (DatagramSocket socket = place.call(() -> new DatagramSocket())) {
      outage.ended("peers' name servers: asked again");
      return new Round(socket, question, asked).ask();
    } catch (InterruptedException asksToEnd) {
      Thread.currentThread().interrupt();
      return new PeerAnswer.Undecided();
    } catch (Exception failure) {
      outage.failed("peers' name servers: not asked: %s".formatted(failure));
      return new PeerAnswer.Undecided();
    }
  }

  /** One question while it is with the peers. */
  private final class Round {

    private final DatagramSocket socket;
    private final Record question;
    private final Map<InetSocketAddress, Asked> waiting = new HashMap<>();
    private boolean undecided;
    private boolean known;

    Round(DatagramSocket socket, Record question, List<PeerServer> servers) {
      this.socket = socket;
      this.question = question;
      for (PeerServer server : servers) {
        waiting.put(
            new InetSocketAddress(Addresses.of(server.address()), settings.peerPort()),
            new Asked(server, query(server, question)));
      }
    }

    /**
     * Records end it at once. That one knows the name without such records waits for what the
     * others say until the end of the round: another may know a workload of that name which has
     * them.
     */
    PeerAnswer ask() throws IOException {
      Duration each = settings.peerTimeout().dividedBy(ROUNDS);
      for (int i = 0; i < ROUNDS && !waiting.isEmpty() && !known; i++) {
        new ArrayList<>(waiting.keySet()).forEach(this::send);
        List<Record> found = collect(Deadline.after(each, timer));
        if (!found.isEmpty()) {
          return new PeerAnswer.Found(found);
        }
      }
      if (known) {
        return new PeerAnswer.Found(List.of());
      }
      return undecided || !waiting.isEmpty()
          ? new PeerAnswer.Undecided()
          : new PeerAnswer.Unknown();
    }

    private void send(InetSocketAddress to) {
      byte[] wire = Replies.stream(asked(to).query);
      try {
        socket.send(new DatagramPacket(wire, wire.length, to));
      } catch (IOException noRoute) {
        LOG.debug("name server {}: {}", to, noRoute.toString());
        waiting.remove(to);
        undecided = true;
      }
    }

    private List<Record> collect(Deadline deadline) throws IOException {
      DatagramPacket packet = new DatagramPacket(new byte[Message.MAXLENGTH], Message.MAXLENGTH);
      List<Record> found = List.of();
      while (found.isEmpty() && !waiting.isEmpty() && !deadline.passed()) {
        try {
          socket.setSoTimeout((int) Math.max(1, deadline.remaining().toMillis()));
          packet.setLength(Message.MAXLENGTH);
          socket.receive(packet);
        } catch (SocketTimeoutException silence) {
          return List.of();
        }
        found = received(packet, deadline);
      }
      return found;
    }

    private List<Record> received(DatagramPacket packet, Deadline deadline) {
      InetSocketAddress from = (InetSocketAddress) packet.getSocketAddress();
      Optional<Message> answer =
          Optional.ofNullable(waiting.get(from))
              .flatMap(asked -> asked.answer(packet.getData(), packet.getLength()));
      if (answer.isEmpty()) {
        return List.of();
      }
      Asked asked = asked(from);
      waiting.remove(from);
      if (answer.get().getRcode() == Rcode.NOERROR) {
        known = true;
        return records(whole(answer.get(), asked, from, deadline));
      }
      if (asked.hasCapitals()) {
        waiting.put(from, new Asked(asked.server, query(asked.server, inLowerCase(question))));
        send(from);
        return List.of();
      }
      // Of a hub it says that not all whom it asked have answered; NSM's own says "unknown" so.
      undecided |= asked.server.asksOthers() && answer.get().getRcode() == Rcode.SERVFAIL;
      return List.of();
    }

    /** An answer that did not fit into a packet is fetched by TCP. */
    private Message whole(Message answer, Asked asked, InetSocketAddress from, Deadline deadline) {
      if (!answer.getHeader().getFlag(Flags.TC)) {
        return answer;
      }
      try {
        byte[] bytes = TcpExchange.ask(place, from, Replies.stream(asked.query), deadline, timer);
        return asked.answer(bytes, bytes.length).orElse(answer);
      } catch (Exception failure) {
        LOG.debug("name server {}: no whole answer: {}", from, failure.toString());
        return answer;
      }
    }

    private List<Record> records(Message answer) {
      return answer.getSection(Section.ANSWER).stream()
          .filter(record -> record.getName().equals(question.getName()))
          .filter(r -> r.getType() == question.getType() || question.getType() == Type.ANY)
          .map(this::shortLived)
          .toList();
    }

    /** Under the name as it was asked for, which the asker compares. */
    private Record shortLived(Record record) {
      return Record.newRecord(
          question.getName(),
          record.getType(),
          record.getDClass(),
          Math.min(record.getTTL(), settings.timeToLive().toSeconds()),
          record.rdataToWireCanonical());
    }

    private Asked asked(InetSocketAddress server) {
      return Optional.ofNullable(waiting.get(server)).orElseThrow();
    }

    private Message query(PeerServer server, Record question) {
      Message query = new Message(random.nextInt(IDS));
      if (server.asksOthers()) {
        query.getHeader().setFlag(Flags.RD);
      }
      query.addRecord(question, Section.QUESTION);
      query.addRecord(new OPTRecord(Replies.UDP_BYTES, 0, 0), Section.ADDITIONAL);
      return query;
    }
  }

  private static Record inLowerCase(Record question) {
    return Record.newRecord(question.getName().canonicalize(), question.getType(), DClass.IN);
  }

  /** A server and what it was asked. */
  private record Asked(PeerServer server, Message query) {

    /** Names that differ in nothing but case are equal to dnsjava, and not to NSM's servers. */
    boolean hasCapitals() {
      String name = query.getQuestion().getName().toString();
      return !name.equals(query.getQuestion().getName().canonicalize().toString());
    }

    /** The answer in the bytes, if that is what they are. */
    Optional<Message> answer(byte[] bytes, int length) {
      try {
        Message answer = new Message(java.nio.ByteBuffer.wrap(bytes, 0, length));
        boolean fits =
            answer.getHeader().getFlag(Flags.QR)
                && answer.getHeader().getID() == query.getHeader().getID()
                && query.getQuestion().equals(answer.getQuestion());
        return fits ? Optional.of(answer) : Optional.empty();
      } catch (IOException | RuntimeException malformed) {
        return Optional.empty();
      }
    }
  }
}
