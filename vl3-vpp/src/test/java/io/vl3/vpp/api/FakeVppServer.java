package io.vl3.vpp.api;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The API socket of a VPP of some version: the handshake, its table, control pings, and what a
 * {@link Handler} answers. One thread for each client, which takes requests in turn, as VPP does.
 * Faults can be ordered. {@link #kill} and {@link #revive} are a restart.
 */
public final class FakeVppServer implements AutoCloseable {

  private static final int FIRST_NUMBER = 40;
  private static final int CLIENT = 7;
  private static final int LARGEST = 64 << 20;

  /** What VPP does. */
  public interface Handler {
    /** What answers a request; of a dump each entry. Called by one thread at a time. */
    List<ApiMessage> handle(ApiMessage request);
  }

  private final Path socket;
  private final String table;
  private final List<MessageType> types;
  private final Handler handler;
  private final Object turn = new Object();
  private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();
  private final Map<String, Function<ApiMessage, Optional<Integer>>> refusals =
      new ConcurrentHashMap<>();
  private final Set<String> silent = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();
  private final AtomicInteger pings = new AtomicInteger();
  private final Set<String> slow = ConcurrentHashMap.newKeySet();
  private final Queue<Held> held = new ConcurrentLinkedQueue<>();
  private volatile Runnable onSilence = () -> {};

  /** Counted down by the clients' threads; whoever heals meanwhile has the last word. */
  private final AtomicLong cutAfter = new AtomicLong(Long.MAX_VALUE);

  private @Nullable ServerSocketChannel listening;

  private record Held(SocketChannel client, ApiBytes answer) {}

  private FakeVppServer(Path socket, String table, Handler handler) {
    this.socket = socket;
    this.table = table;
    this.handler = handler;
    this.types =
        ApiSchema.parse("table", SchemaTable.json(table)).messages().stream()
            .sorted(Comparator.comparing(MessageType::name))
            .toList();
    revive();
  }

  /** A VPP of a version that a table is kept of. */
  public static FakeVppServer start(Path socket, String version, Handler handler) {
    return new FakeVppServer(socket, SchemaTable.kept(version), handler);
  }

  /** A VPP that has only the messages of a table. */
  public static FakeVppServer withTable(Path socket, String table, Handler handler) {
    return new FakeVppServer(socket, table, handler);
  }

  /** Writes the description of a version as its package has it. */
  public static Path describe(Path directory, String version) throws IOException {
    Path file = directory.resolve("core").resolve("all.api.json");
    Files.createDirectories(file.getParent());
    return Files.writeString(file, SchemaTable.json(SchemaTable.kept(version))).getParent();
  }

  /** Where it listens. */
  public Path socket() {
    return socket;
  }

  /** Answers a request with a number, where there is one. */
  public void refuse(String message, Function<ApiMessage, Optional<Integer>> retval) {
    refusals.put(message, retval);
  }

  /** Answers no request of a name any more, and does not do it either. */
  public void hang(String message) {
    silent.add(message);
  }

  /** Answers the next request of a name when it is released, and what is asked after it at once. */
  public void hold(String message) {
    slow.add(message);
  }

  /** Whether an answer is held. */
  public boolean holds() {
    return !held.isEmpty();
  }

  /** Gives the answer that is held longest. */
  public void release() {
    Held first = held.poll();
    if (first != null) {
      send(first.client(), first.answer().toArray());
    }
  }

  /** Is called instead of an answer that is not given. */
  public void onSilence(Runnable listener) {
    onSilence = listener;
  }

  /** Ends the connections that there are; others may be made. */
  public void disconnect() {
    try {
      for (SocketChannel client : clients) {
        client.close();
      }
      clients.clear();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Ends the connection when so many more octets went over it, either way. */
  public void cutAfter(long octets) {
    cutAfter.set(octets);
  }

  /** No more faults. */
  public void heal() {
    refusals.clear();
    silent.clear();
    slow.clear();
    while (holds()) {
      release();
    }
    onSilence = () -> {};
    cutAfter.set(Long.MAX_VALUE);
  }

  /** How many requests of a name were done. */
  public int count(String message) {
    return counts.getOrDefault(message, 0);
  }

  /** How many requests were done. */
  public int count() {
    return counts.values().stream().mapToInt(n -> n).sum();
  }

  /** The names of the requests so far that can be refused: those that have one answer. Sorted. */
  public List<String> requests() {
    return counts.keySet().stream()
        .filter(name -> types.stream().anyMatch(type -> type.name().equals(name + "_reply")))
        .sorted()
        .toList();
  }

  /** How many pings were answered, which are counted apart. */
  public int pings() {
    return pings.get();
  }

  /** Sends an event to all clients. */
  public void event(ApiMessage event) {
    List.copyOf(clients).forEach(client -> send(client, encode(event, ApiStruct.EMPTY)));
  }

  /** Sends what no request of the client waits for now. */
  private void send(SocketChannel client, byte[] message) {
    try {
      synchronized (client) {
        write(client, message);
      }
    } catch (IOException ended) {
      end(client);
    }
  }

  private void end(SocketChannel client) {
    clients.remove(client);
    try {
      client.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** It dies: nobody listens any more. */
  public synchronized void kill() {
    try {
      if (listening != null) {
        listening.close();
      }
      disconnect();
      Files.deleteIfExists(socket);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** It listens again. */
  public synchronized void revive() {
    try {
      Files.deleteIfExists(socket);
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
      listening = server;
      thread(() -> accept(server));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    kill();
  }

  private static void thread(Runnable task) {
    Thread thread = new Thread(task, "fake-vpp");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept(ServerSocketChannel server) {
    try {
      while (true) {
        SocketChannel client = server.accept();
        clients.add(client);
        thread(() -> serve(client));
      }
    } catch (IOException closed) {
      // Killed.
    }
  }

  private void serve(SocketChannel client) {
    try (client) {
      while (true) {
        ByteBuffer header = read(client, 16);
        ByteBuffer message = read(client, header.getInt(8));
        int number = message.getShort(0) & 0xffff;
        if (number == 15) {
          write(client, welcome());
        } else {
          answer(client, number, message);
        }
      }
    } catch (IOException ended) {
      clients.remove(client);
    } catch (ApiException unreadable) {
      clients.remove(client);
      throw new AssertionError("the client sent what VPP cannot read", unreadable);
    }
  }

  private void answer(SocketChannel client, int number, ByteBuffer message)
      throws IOException, ApiException {
    MessageType type = types.get(number - FIRST_NUMBER);
    ApiStruct values = Decoder.decode(type, message);
    if (values.number(MessageType.CLIENT) != CLIENT) {
      throw new IOException("client: " + values.number(MessageType.CLIENT));
    }
    ApiMessage request = new ApiMessage(type.name(), values);
    if (silent.contains(type.name())) {
      onSilence.run();
      return;
    }
    boolean later = slow.remove(type.name());
    for (ApiMessage answer : answers(request)) {
      byte[] octets = encode(answer, values);
      if (later) {
        held.add(new Held(client, ApiBytes.of(octets)));
        continue;
      }
      synchronized (client) {
        write(client, octets);
      }
    }
  }

  private List<ApiMessage> answers(ApiMessage request) {
    String reply = request.name() + "_reply";
    Optional<Integer> refusal =
        Optional.ofNullable(refusals.get(request.name())).flatMap(says -> says.apply(request));
    if (refusal.isPresent()) {
      return List.of(ApiMessage.of(reply).with("retval", refusal.get()));
    }
    if (request.name().equals("control_ping")) {
      pings.incrementAndGet();
      return List.of(ApiMessage.of(reply));
    }
    if (request.name().equals("get_api_json")) {
      return List.of(ApiMessage.of(reply).with("json", "[" + SchemaTable.json(told()) + "]"));
    }
    synchronized (turn) {
      counts.merge(request.name(), 1, Integer::sum);
      return handler.handle(request);
    }
  }

  /** A real 26.06 does not describe the messages of its module memclnt. */
  private String told() {
    return table
        .lines()
        .filter(line -> !line.startsWith("message control_ping"))
        .filter(line -> !line.startsWith("message get_api_json"))
        .collect(Collectors.joining("\n"));
  }

  private byte[] encode(ApiMessage answer, ApiStruct request) {
    try {
      MessageType type = type(answer.name());
      ApiStruct values = answer.body().with(MessageType.ID, FIRST_NUMBER + types.indexOf(type));
      if (type.isAnswer() && request.has(MessageType.CONTEXT)) {
        values = values.with(MessageType.CONTEXT, request.number(MessageType.CONTEXT));
      }
      return Encoder.encode(type, values, LARGEST);
    } catch (ApiException failure) {
      throw new AssertionError(failure);
    }
  }

  private MessageType type(String name) {
    return types.stream()
        .filter(type -> type.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no message " + name + " in this version"));
  }

  private byte[] welcome() {
    ByteBuffer reply = ByteBuffer.allocate(2 + 4 + 4 + 4 + 4 + 2 + types.size() * 66);
    reply.putShort((short) 16).putInt(0).putInt(0).putInt(0).putInt(CLIENT);
    reply.putShort((short) types.size());
    for (int i = 0; i < types.size(); i++) {
      byte[] name = types.get(i).nameAndCrc().getBytes(StandardCharsets.US_ASCII);
      reply.putShort((short) (FIRST_NUMBER + i)).put(Arrays.copyOf(name, 64));
    }
    return reply.array();
  }

  private ByteBuffer read(SocketChannel client, int octets) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(octets);
    while (in.hasRemaining()) {
      int before = in.position();
      in.limit((int) Math.min(octets, Math.min(octets, cutAfter.get()) + before));
      if (!in.hasRemaining() || client.read(in) < 0) {
        throw new EOFException();
      }
      spent(in.position() - before);
      in.limit(octets);
    }
    return in.flip();
  }

  private void write(SocketChannel client, byte[] message) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(16 + message.length);
    out.putLong(0).putInt(message.length).putInt(0).put(message).flip();
    long left = cutAfter.get();
    if (left < out.remaining()) {
      out.limit((int) left);
      client.write(out);
      cutAfter.compareAndSet(left, 0);
      throw new EOFException();
    }
    spent(out.remaining());
    while (out.hasRemaining()) {
      client.write(out);
    }
  }

  private void spent(long octets) {
    cutAfter.updateAndGet(left -> left == Long.MAX_VALUE ? left : Math.max(0, left - octets));
  }

  /** The names of the version's messages. */
  public List<String> messages() {
    return types.stream().map(MessageType::name).toList();
  }
}
