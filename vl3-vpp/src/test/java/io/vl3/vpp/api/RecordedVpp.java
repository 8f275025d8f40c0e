package io.vl3.vpp.api;

import io.vl3.vpp.api.Recording.Exchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A VPP that says what a real one said in a talk. It reads requests by that version's descriptions:
 * each has to be one of the talk's that was not asked yet, in every field but who asks, and gets
 * the octets that the real one sent.
 */
public final class RecordedVpp implements AutoCloseable {

  private static final int CLIENT = 7;
  private static final int ENTRY = 2 + 64;

  private final Recording recording;
  private final ApiSchema schema;
  private final List<Exchange> left;
  private final List<String> unknown = new ArrayList<>();
  private final ServerSocketChannel listening;

  /** Listens at a socket and plays a talk of a version to one client, which may come again. */
  public RecordedVpp(Path socket, String version, String talk) {
    this.recording = Recording.kept(version);
    this.schema = ApiSchema.parse(version, SchemaTable.json(SchemaTable.kept(version)));
    this.left = new ArrayList<>(recording.talk(talk));
    try {
      listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listening.bind(UnixDomainSocketAddress.of(socket));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    Thread thread = new Thread(this::accept, "recorded-vpp");
    thread.setDaemon(true);
    thread.start();
  }

  /** What was asked that the talk does not have, and what it has that was not asked; sorted. */
  public synchronized List<String> differences() {
    List<String> all = new ArrayList<>(unknown);
    left.forEach(exchange -> all.add("not asked: " + words(exchange.request().toArray())));
    return all.stream().sorted().toList();
  }

  private void accept() {
    try {
      while (true) {
        serve(listening.accept());
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(SocketChannel accepted) {
    try (SocketChannel client = accepted) {
      while (true) {
        byte[] request = VppFrames.read(client);
        if (VppFrames.number(request) == VppFrames.SOCKCLNT_CREATE) {
          VppFrames.write(client, welcome());
        } else {
          answer(client, request);
        }
      }
    } catch (IOException ended) {
      // The client has closed, or asked what nobody knows.
    }
  }

  private void answer(SocketChannel client, byte[] request) throws IOException {
    Optional<Exchange> known = take(request);
    if (known.isEmpty()) {
      throw new IOException("not in the talk");
    }
    int context = VppFrames.contextOfRequest(request);
    for (ApiBytes answer : known.get().answers()) {
      VppFrames.write(client, VppFrames.answerTo(context, answer.toArray()));
    }
  }

  private synchronized Optional<Exchange> take(byte[] request) {
    String asked = words(request);
    for (Iterator<Exchange> all = left.iterator(); all.hasNext(); ) {
      Exchange exchange = all.next();
      if (words(exchange.request().toArray()).equals(asked)) {
        all.remove();
        return Optional.of(exchange);
      }
    }
    unknown.add("not in the talk: " + asked);
    return Optional.empty();
  }

  /** A message as its version has it, without who sent it. */
  private String words(byte[] message) {
    String name = recording.table().get(VppFrames.number(message));
    MessageType type =
        Optional.ofNullable(name)
            .flatMap(schema::message)
            .orElseThrow(() -> new AssertionError("message " + name + " is not described"));
    try {
      Map<String, Object> values =
          new TreeMap<>(Decoder.decode(type, ByteBuffer.wrap(message)).values());
      values.keySet().removeAll(List.of(MessageType.ID, MessageType.CLIENT, "context", "pid"));
      return type.name() + " " + values;
    } catch (ApiException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  private byte[] welcome() {
    Map<Integer, String> table = recording.table();
    ByteBuffer reply = ByteBuffer.allocate(2 + 4 + 4 + 4 + 4 + 2 + table.size() * ENTRY);
    reply.putShort((short) VppFrames.SOCKCLNT_CREATE_REPLY);
    reply.putInt(0).putInt(0).putInt(0).putInt(CLIENT).putShort((short) table.size());
    table.forEach(
        (number, name) ->
            reply
                .putShort(number.shortValue())
                .put(Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), ENTRY - 2)));
    return reply.array();
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
