package io.vl3.mesh;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Token;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.element.ConnectionBoard;
import io.vl3.endpoint.element.ExpireConnection;
import io.vl3.endpoint.element.PublishConnection;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.ipam.AddressingMode;
import io.vl3.ipam.IpamEndpoint;
import io.vl3.net.IpPrefix;
import io.vl3.registry.DiscoverPeers;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.KnownPeers;
import io.vl3.time.Deadline;
import io.vl3.time.SystemTimer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Requests per second of the default server chain without data plane and wire, from two threads,
 * beside a chain of nothing; then the memory of 100,000 live connections whose paths have five
 * segments with tokens of 600 bytes. docs/performance.md has the command.
 */
@State(Scope.Benchmark)
@Fork(1)
@Threads(2)
@Warmup(iterations = 15, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChainBenchmark {

  private static final int LIVE = 1000;
  private static final int MANY = 100_000;
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
  final SystemTimer timer = new SystemTimer(scheduler);
  private final EndpointRunner chain = runner(EndpointChain.of("server", elements()));
  private final EndpointRunner nothing = runner((request, session, next) -> next.request(request));

  /** JMH makes it. */
  public ChainBenchmark() {}

  /** One of a thousand connections is refreshed, or made the first time. */
  @Benchmark
  public Connection refresh() throws EndpointException {
    return request(chain, "c" + ThreadLocalRandom.current().nextInt(LIVE));
  }

  /** A connection is made and closed: address, path, timer, board. */
  @Benchmark
  public Connection requestAndClose() throws EndpointException {
    Connection made = request(chain, "n" + ThreadLocalRandom.current().nextLong());
    chain.close(made, Caller.SELF, deadline());
    return made;
  }

  /** The runner alone: lanes and sessions. */
  @Benchmark
  public Connection refreshOfNothing() throws EndpointException {
    return request(nothing, "c" + ThreadLocalRandom.current().nextInt(LIVE));
  }

  /** Ends the clock's thread. */
  @TearDown
  public void stop() {
    scheduler.shutdownNow();
  }

  /** Runs the benchmark, then measures memory. */
  public static void main(String[] arguments) throws RunnerException, EndpointException {
    new Runner(new OptionsBuilder().include(ChainBenchmark.class.getName()).build()).run();
    memory();
  }

  private static void memory() throws EndpointException {
    ChainBenchmark one = new ChainBenchmark();
    long before = used();
    for (int i = 0; i < MANY; i++) {
      one.request(one.chain, "c" + i);
    }
    long after = used();
    System.out.printf(
        "memory of %,d connections: %,d MiB, %,d bytes each%n",
        one.chain.size(), (after - before) >> 20, (after - before) / MANY);
    one.stop();
  }

  Connection request(EndpointRunner runner, String id) throws EndpointException {
    Connection asked = Connection.to("vl3").withId(new ConnectionId(id)).withPath(path(id));
    return runner.request(ConnectionRequest.of(asked), Caller.SELF, deadline());
  }

  /** As it arrives: whoever is before us has sent a token, and every message is made of its own. */
  private Path path(String id) {
    return new Path(
        3,
        List.of(
            segment("client", id), segment("manager-1", id),
            segment("forwarder", id), segment("manager-2", id)));
  }

  private PathSegment segment(String name, String id) {
    return PathSegment.of(name, id).withToken(new Token(text(name), timer.instant().plus(LIFE)));
  }

  private static String text(String name) {
    return name + "x".repeat(600 - name.length());
  }

  private Deadline deadline() {
    return Deadline.after(TIMEOUT, timer);
  }

  EndpointRunner runner(Endpoint endpoint) {
    return new EndpointRunner(endpoint, Runnable::run, timer, TIMEOUT);
  }

  List<Endpoint> elements() {
    ChangingPrefixes own = new ChangingPrefixes("10.0.0.0/9");
    EndpointRecord self = EndpointRecord.of("me", "vl3", Map.of(), "inprocess://me");
    Vl3Network network =
        new Vl3Network(() -> self, own, List.of(IpPrefix.parse("10.0.0.0/8")), List.of());
    Token token = new Token(text("me"), timer.instant().plus(LIFE.multipliedBy(6)));
    KnownPeers known = KnownPeers.of(List.of(), true);
    return List.of(
        new UpdatePath("me", () -> token, ConnectionId::random),
        new ExpireConnection(timer, Duration.ofSeconds(5)),
        PublishConnection.on(new ConnectionBoard(Runnable::run, 64)),
        new DiscoverPeers(() -> known),
        IpamEndpoint.of(own, AddressingMode.POINT_TO_POINT),
        new Vl3Endpoint(network, new PrefixTable()));
  }

  static long used() {
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
