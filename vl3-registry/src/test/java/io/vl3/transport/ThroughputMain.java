package io.vl3.transport;

import com.sun.management.OperatingSystemMXBean;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.vl3.api.connection.Connection;
import io.vl3.api.connection.Path;
import io.vl3.api.connection.PathSegment;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.TokenSource;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.nsm.LocalTokens;
import io.vl3.nsm.NsmRuntime;
import io.vl3.transport.identity.TestAuthority;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Prints requests a second and the 99th percentile over a unix socket: plain, with calls handed to
 * a second executor, and with TLS and its checks, in turn and several times, as ratios to the
 * first.
 */
public final class ThroughputMain {

  private static final int CALLERS = 16;
  private static final Duration LIFE = Duration.ofMinutes(10);

  private ThroughputMain() {}

  /** Runs with the number of calls per round as the only argument, 20,000 unless given. */
  public static void main(String[] arguments) throws Exception {
    int calls = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
    TestAuthority authority = new TestAuthority("test");
    ExecutorService second = Executors.newCachedThreadPool();
    try (TestTransport transport = new TestTransport()) {
      TransportOptions plain = transport.options();
      TransportOptions secured = transport.secured(authority.source("/nse"));
      ManagedChannel direct =
          serve(transport, "direct", plain, runtime(transport, plain, transport.executor()));
      ManagedChannel handed = serve(transport, "handed", plain, runtime(transport, plain, second));
      ManagedChannel tls =
          serve(transport, "tls", secured, runtime(transport, secured, transport.executor()));
      for (int round = 0; round < 4; round++) {
        Rate base = measure(direct, calls);
        print(round, "plain", base, base);
        print(round, "plain, handed on", measure(handed, calls), base);
        print(round, "TLS, tokens checked", measure(tls, calls), base);
      }
    }
    second.shutdownNow();
  }

  /** The processor's time counts both sides and does not depend on who else is busy. */
  private record Rate(double perSecond, double p99Millis, double cpuMicros) {}

  private static void print(int round, String what, Rate rate, Rate base) {
    System.out.printf(
        "round %d: %-20s %,8.0f requests/s, p99 %6.2f ms, %4.0f us of CPU each; %.2f of plain%n",
        round,
        what,
        rate.perSecond,
        rate.p99Millis,
        rate.cpuMicros,
        base.cpuMicros / rate.cpuMicros);
  }

  private static NsmRuntime runtime(
      TestTransport transport, TransportOptions options, ExecutorService calls) {
    return NsmRuntime.of(transport.timer(), calls, options, new Random(1));
  }

  private static ManagedChannel serve(
      TestTransport transport, String name, TransportOptions options, NsmRuntime runtime)
      throws Exception {
    TokenSource tokens = runtime.tokens("nse", LIFE);
    EndpointRunner runner =
        new EndpointRunner(
            EndpointChain.of(name, new UpdatePath("nse", tokens, ConnectionId::random)),
            transport.executor(),
            transport.timer(),
            LIFE);
    BindableService service = runtime.serving(runner);
    TransportUrl.Unix url = transport.unix(name);
    transport.start(url, options, service);
    return transport.open(url, options);
  }

  private static Rate measure(ManagedChannel channel, int calls) throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    List<Callable<long[]>> work = new ArrayList<>();
    for (int caller = 0; caller < CALLERS; caller++) {
      NetworkServiceRequest request = request("c" + caller);
      work.add(() -> call(channel, request, calls / CALLERS));
    }
    long cpu = cpuNanos();
    long start = System.nanoTime();
    List<Future<long[]>> done = callers.invokeAll(work);
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuMicros = (cpuNanos() - cpu) / 1e3 / calls;
    long[] all = new long[0];
    for (Future<long[]> each : done) {
      long[] times = each.get();
      int before = all.length;
      all = Arrays.copyOf(all, before + times.length);
      System.arraycopy(times, 0, all, before, times.length);
    }
    callers.shutdownNow();
    Arrays.sort(all);
    return new Rate(all.length / seconds, all[(int) (all.length * 0.99)] / 1e6, cpuMicros);
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long[] call(ManagedChannel channel, NetworkServiceRequest request, int calls) {
    var stub = NetworkServiceGrpc.newBlockingStub(channel);
    long[] times = new long[calls];
    for (int i = 0; i < calls; i++) {
      long start = System.nanoTime();
      var unused = stub.request(request);
      times[i] = System.nanoTime() - start;
    }
    return times;
  }

  /** About 2 kB, as a request with three components' tokens. */
  private static NetworkServiceRequest request(String id) {
    LocalTokens tokens = new LocalTokens("x", new io.vl3.time.FakeTimer(), LIFE);
    return NetworkServiceRequest.newBuilder()
        .setConnection(
            Connection.newBuilder()
                .setId(id)
                .setNetworkService("vl3")
                .putLabels("padding", "p".repeat(1500))
                .putLabels("token", tokens.token().value())
                .setPath(
                    Path.newBuilder()
                        .addPathSegments(PathSegment.newBuilder().setName("client").setId(id))))
        .build();
  }
}
