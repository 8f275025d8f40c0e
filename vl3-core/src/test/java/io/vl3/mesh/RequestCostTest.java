package io.vl3.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.sun.management.ThreadMXBean;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.vl3.api.connection.Connection;
import io.vl3.api.connection.Mechanism;
import io.vl3.api.connection.Path;
import io.vl3.api.connection.PathSegment;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceGrpc.NetworkServiceBlockingStub;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.grpc.internal.NetworkServiceServer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a call costs: bytes of heap and hand-overs to threads, which no other load on the machine
 * changes. The default chain behind gRPC in this process, the client's own part included.
 */
class RequestCostTest {

  private static final int ROUNDS = 2_000;
  private static final int FEW = 10;
  private static final int MANY = 4_000;

  /** A quarter more than measured. */
  private static final long REFRESH_BYTES = 42_000;

  private static final long CHURN_BYTES = 70_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final AtomicLong handedOver = new AtomicLong();
  private final ChainBenchmark parts = new ChainBenchmark();
  private final EndpointRunner runner = parts.runner(EndpointChain.of("server", parts.elements()));
  private Server server;
  private ManagedChannel channel;
  private NetworkServiceBlockingStub client;
  private int asked;

  @BeforeEach
  void serve() throws Exception {
    String name = InProcessServerBuilder.generateName();
    server =
        InProcessServerBuilder.forName(name)
            .directExecutor()
            .addService(
                new NetworkServiceServer(
                    runner, this::handOver, parts.timer, Duration.ofSeconds(15)))
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    client = NetworkServiceGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void end() {
    channel.shutdownNow();
    server.shutdownNow();
    parts.stop();
  }

  private void handOver(Runnable work) {
    handedOver.incrementAndGet();
    work.run();
  }

  @Test
  void aCall_isHandedOverOnce_andStaysWithinItsBudget() {
    List<Connection> live = fill(FEW);
    long refresh = bytesPerRefresh(live);
    long churn = bytesPerChurn();
    System.out.printf("bytes per refresh %d, per request and close %d%n", refresh, churn);
    assertThat(refresh).isLessThan(REFRESH_BYTES);
    assertThat(churn).isLessThan(CHURN_BYTES);

    long before = handedOver.get();
    refresh(live.get(0));
    assertThat(handedOver.get() - before).isEqualTo(1);
  }

  @Test
  void aCall_costsTheSame_howeverManyConnectionsLive() {
    List<Connection> few = fill(FEW);
    long refresh = bytesPerRefresh(few);
    long churn = bytesPerChurn();
    List<Connection> many = fill(MANY);
    assertThat(bytesPerRefresh(many)).isLessThan(refresh * 11 / 10);
    assertThat(bytesPerChurn()).isLessThan(churn * 11 / 10);
  }

  private List<Connection> fill(int count) {
    List<Connection> live = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      live.add(client.request(fresh()));
    }
    return live;
  }

  private long bytesPerRefresh(List<Connection> live) {
    return bytesPerRound(round -> refresh(live.get(round % live.size())));
  }

  private long bytesPerChurn() {
    return bytesPerRound(round -> close(client.request(fresh())));
  }

  /** The second time: the first one loads classes. */
  private long bytesPerRound(Round round) {
    run(round);
    long before = threads.getCurrentThreadAllocatedBytes();
    run(round);
    return (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;
  }

  private static void run(Round round) {
    for (int i = 0; i < ROUNDS; i++) {
      round.run(i);
    }
  }

  private interface Round {
    void run(int round);
  }

  private void refresh(Connection answered) {
    var unused = client.request(NetworkServiceRequest.newBuilder().setConnection(answered).build());
  }

  private void close(Connection answered) {
    var unused = client.close(answered);
  }

  /** As it comes through managers and a forwarder. */
  private NetworkServiceRequest fresh() {
    int number = asked++;
    Path.Builder path = Path.newBuilder();
    for (String hop : List.of("nsc", "nsmgr-1", "forwarder", "nsmgr-2")) {
      path.addPathSegments(
          PathSegment.newBuilder()
              .setName(hop)
              .setId(hop + "-" + number)
              .setToken("t".repeat(300))
              .setExpires(
                  Timestamp.newBuilder().setSeconds(parts.timer.instant().getEpochSecond() + 600)));
    }
    return NetworkServiceRequest.newBuilder()
        .setConnection(
            Connection.newBuilder()
                .setId("nsmgr-2-" + number)
                .setNetworkService("vl3")
                .setPayload("IP")
                .putLabels("podName", "workload-" + number)
                .setPath(path.setIndex(3)))
        .addMechanismPreferences(
            Mechanism.newBuilder().setCls("LOCAL").setType("KERNEL").putParameters("name", "nsm-1"))
        .build();
  }
}
