package io.vl3.cli.demo;

import io.vl3.linux.Netns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Pings every workload from every other over UDP, ten times a second, all the time. One thread
 * serves all: a socket stays in the namespace that it was opened in. Thread-safe.
 */
final class PairPings implements AutoCloseable {

  private static final int PORT = 7007;
  private static final long TICK_NANOS = Duration.ofMillis(100).toNanos();
  private static final byte ASK = 'Q';
  private static final byte ANSWER = 'A';

  private final List<WorkloadHost> hosts;
  private final List<DatagramChannel> channels = new ArrayList<>();
  private final Selector selector;
  private final Thread thread = new Thread(this::run, "vl3-pings");
  private volatile boolean closed;

  /** Guarded by this, like all below: the workloads' addresses as last seen. */
  private final Map<Integer, String> addresses = new HashMap<>();

  /** Per pair, when the last ping was sent that was answered. */
  private final Map<Ping, Long> answered = new HashMap<>();

  /** Per pair: how many were sent, and the number of the last one that was answered. */
  private final Map<Ping, Integer> sent = new HashMap<>();

  private final Map<Ping, Integer> lastAnswered = new HashMap<>();
  private final Map<Ping, Integer> longestLoss = new HashMap<>();
  private final Set<String> addressesGivenTwice = new TreeSet<>();
  private int rounds;

  /** Two workloads by their places. */
  private record Ping(int from, int to) {}

  /** Begins to ping. */
  PairPings(List<WorkloadHost> hosts) throws Exception {
    this.hosts = List.copyOf(hosts);
    this.selector = Selector.open();
    for (int i = 0; i < hosts.size(); i++) {
      DatagramChannel channel = Netns.named(hosts.get(i).netns()).call(PairPings::open);
      channels.add(channel);
      channel.register(selector, SelectionKey.OP_READ, i);
    }
    thread.setDaemon(true);
    thread.start();
  }

  /** {@code from>to} of every pair without an answer to any ping sent since then, sorted. */
  synchronized Set<String> silentSince(long nanos) {
    Set<String> silent = new TreeSet<>();
    pairs()
        .filter(pair -> answered.getOrDefault(pair, Long.MIN_VALUE) < nanos)
        .forEach(pair -> silent.add(text(pair)));
    return silent;
  }

  /** Waits until every pair has answered a ping sent after the moment; empty if all did in time. */
  synchronized Set<String> awaitAll(long afterNanos, Duration patience)
      throws InterruptedException {
    return awaitThose(pair -> true, afterNanos, patience);
  }

  /** The same for some of the pairs. */
  synchronized Set<String> awaitThose(Predicate<String> pairs, long afterNanos, Duration patience)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    Set<String> silent = silentSince(pairs, afterNanos);
    while (!silent.isEmpty() && System.nanoTime() < end) {
      wait(20);
      silent = silentSince(pairs, afterNanos);
    }
    return silent;
  }

  private Set<String> silentSince(Predicate<String> pairs, long nanos) {
    Set<String> silent = silentSince(nanos);
    silent.removeIf(pairs.negate());
    return silent;
  }

  /** How often everybody has pinged everybody: the measure of time that losses are counted in. */
  synchronized int rounds() {
    return rounds;
  }

  /** Forgets what was lost so far. */
  synchronized void forgetLosses() {
    longestLoss.clear();
    lastAnswered.putAll(sent);
  }

  /**
   * The pairs of which more pings in a row were lost since losses were last forgotten. Counted, not
   * timed: on a busy machine this very thread may stand still for a second.
   */
  synchronized Set<String> lostMoreThan(int pings) {
    Set<String> found = new TreeSet<>();
    pairs()
        .filter(pair -> longestLoss.getOrDefault(pair, 0) > pings)
        .forEach(pair -> found.add(text(pair)));
    return found;
  }

  /** Addresses that two workloads had at the same time. */
  synchronized Set<String> addressesGivenTwice() {
    return Set.copyOf(addressesGivenTwice);
  }

  @Override
  public void close() throws IOException {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    for (DatagramChannel channel : channels) {
      channel.close();
    }
    selector.close();
  }

  private static DatagramChannel open() throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    channel.bind(new InetSocketAddress("0.0.0.0", PORT));
    channel.configureBlocking(false);
    return channel;
  }

  private Stream<Ping> pairs() {
    return IntStream.range(0, hosts.size())
        .boxed()
        .flatMap(
            from ->
                IntStream.range(0, hosts.size())
                    .filter(to -> to != from)
                    .mapToObj(to -> new Ping(from, to)));
  }

  private String text(Ping pair) {
    return hosts.get(pair.from).name() + ">" + hosts.get(pair.to).name();
  }

  private void run() {
    try {
      long tick = System.nanoTime();
      while (!closed) {
        long left = tick - System.nanoTime();
        if (left <= 0) {
          sendAll();
          tick = System.nanoTime() + TICK_NANOS;
        } else {
          selector.select(Math.max(1, left / 1_000_000));
          receiveAll();
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void sendAll() {
    for (int i = 0; i < hosts.size(); i++) {
      int place = i;
      var unused = hosts.get(i).address().thenAccept(found -> note(place, found.orElse("")));
    }
    Map<Integer, String> known;
    synchronized (this) {
      rounds++;
      known = Map.copyOf(addresses);
    }
    pairs()
        .filter(pair -> known.containsKey(pair.to))
        .forEach(
            pair ->
                send(
                    pair.from,
                    new InetSocketAddress(known.get(pair.to), PORT),
                    message(ASK, pair, nextNumber(pair), System.nanoTime())));
  }

  private synchronized int nextNumber(Ping pair) {
    return sent.merge(pair, 1, Integer::sum);
  }

  private synchronized void note(int place, String address) {
    if (address.isEmpty()) {
      addresses.remove(place);
      return;
    }
    addresses.put(place, address);
    if (addresses.values().stream().filter(address::equals).count() > 1) {
      addressesGivenTwice.add(address + " " + addresses);
    }
  }

  private void send(int from, InetSocketAddress to, ByteBuffer message) {
    try {
      channels.get(from).send(message, to);
    } catch (IOException unreachable) {
      // No route now: the ping stays unanswered.
      return;
    }
  }

  private void receiveAll() throws IOException {
    for (SelectionKey key : selector.selectedKeys()) {
      DatagramChannel channel = (DatagramChannel) key.channel();
      ByteBuffer message = ByteBuffer.allocate(64);
      for (var from = receive(channel, message); from != null; from = receive(channel, message)) {
        handle((Integer) key.attachment(), from, message);
      }
    }
    selector.selectedKeys().clear();
  }

  private static InetSocketAddress receive(DatagramChannel channel, ByteBuffer message) {
    message.clear();
    try {
      InetSocketAddress from = (InetSocketAddress) channel.receive(message);
      message.flip();
      return from;
    } catch (IOException refused) {
      return null; // an ICMP error to an earlier send
    }
  }

  private void handle(int place, InetSocketAddress from, ByteBuffer message) {
    byte kind = message.get();
    Ping pair = new Ping(message.getInt(), message.getInt());
    int number = message.getInt();
    long sentNanos = message.getLong();
    if (kind == ASK && pair.to == place) {
      send(place, from, message(ANSWER, pair, number, sentNanos));
    } else if (kind == ANSWER && pair.from == place) {
      noteAnswer(pair, number, sentNanos);
    }
  }

  private synchronized void noteAnswer(Ping pair, int number, long sentNanos) {
    int before = lastAnswered.getOrDefault(pair, 0);
    longestLoss.merge(pair, number - before - 1, Math::max);
    lastAnswered.merge(pair, number, Math::max);
    answered.merge(pair, sentNanos, Math::max);
    notifyAll();
  }

  private static ByteBuffer message(byte kind, Ping pair, int number, long sentNanos) {
    return ByteBuffer.allocate(21)
        .put(kind)
        .putInt(pair.from)
        .putInt(pair.to)
        .putInt(number)
        .putLong(sentNanos)
        .flip();
  }
}
