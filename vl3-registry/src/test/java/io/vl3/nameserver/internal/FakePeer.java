package io.vl3.nameserver.internal;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** A peer's name server that answers each question with the packets it is told to. */
final class FakePeer implements AutoCloseable {

  /** The packets that a question is answered with. */
  @FunctionalInterface
  interface Answers {
    List<byte[]> to(Message query) throws Exception;
  }

  /** What it was asked, in order. */
  final List<Message> asked = new CopyOnWriteArrayList<>();

  private final DatagramSocket socket;
  private final Answers answers;

  private FakePeer(DatagramSocket socket, Answers answers) {
    this.socket = socket;
    this.answers = answers;
    Thread thread = new Thread(this::run, "fake-peer");
    thread.setDaemon(true);
    thread.start();
  }

  /** One at an address of its own and a port; 0 for any. */
  static FakePeer at(String address, int port, Answers answers) throws IOException {
    return new FakePeer(new DatagramSocket(port, InetAddress.getByName(address)), answers);
  }

  /** One that never answers. */
  static FakePeer silent(String address, int port) throws IOException {
    return at(address, port, query -> List.of());
  }

  /** One that answers with a code, and records. */
  static FakePeer answering(String address, int port, int rcode, Record... records)
      throws IOException {
    return at(address, port, query -> List.of(answer(query, rcode, records)));
  }

  static byte[] answer(Message query, int rcode, Record... records) {
    Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setRcode(rcode);
    answer.addRecord(query.getQuestion(), Section.QUESTION);
    for (Record record : records) {
      answer.addRecord(record, Section.ANSWER);
    }
    return answer.toWire();
  }

  static Record record(String name, int type, long ttl, String data) throws IOException {
    return Record.fromString(Name.fromString(name + "."), type, 1, ttl, data, Name.root);
  }

  int port() {
    return socket.getLocalPort();
  }

  private void run() {
    DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
    while (!socket.isClosed()) {
      try {
        packet.setLength(65_535);
        socket.receive(packet);
        Message query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
        asked.add(query);
        SocketAddress from = packet.getSocketAddress();
        for (byte[] answer : answers.to(query)) {
          socket.send(new DatagramPacket(answer, answer.length, from));
        }
      } catch (Exception closed) {
        return;
      }
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
