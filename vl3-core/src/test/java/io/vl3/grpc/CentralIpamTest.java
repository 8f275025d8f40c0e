package io.vl3.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import io.vl3.LogLines;
import io.vl3.api.ippool.AllocatorGrpc;
import io.vl3.api.ippool.Empty;
import io.vl3.api.ippool.IpPrefix;
import io.vl3.api.ippool.Subnet;
import io.vl3.api.ippool.SubnetRequest;
import io.vl3.health.Reporter;
import io.vl3.ipam.PrefixSource;
import io.vl3.net.IpFamily;
import io.vl3.time.FakeTimer;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CentralIpamTest {

  private static final String NAME = CentralIpamTest.class.getName();

  private final FakeTimer timer = new FakeTimer();
  private final FakeAllocator allocator = new FakeAllocator();
  private final AtomicInteger changes = new AtomicInteger();
  private final Server server =
      InProcessServerBuilder.forName(NAME).directExecutor().addService(allocator).build();
  private final ManagedChannel channel =
      InProcessChannelBuilder.forName(NAME).directExecutor().build();
  private boolean refused;

  @BeforeEach
  void startServer() throws IOException {
    server.start();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void start_asksWithTheIdentity_andOwnsTheAnswer() {
    try (CentralIpam ipam = start()) {
      assertOwns(ipam, "10.60.3.0/24");
      SubnetRequest request = allocator.requests.get(0);
      assertThat(request.getIdentifier().getFqdn()).isEqualTo("control.example");
      assertThat(request.getIdentifier().getName()).isEqualTo("cluster_pod");
      assertThat(request.getIdentifier().getConnectivityDomain()).isEqualTo("cd1");
      assertThat(request.getPrefixLen()).isEqualTo(24);
    }
  }

  @Test
  void lease_isRenewedAtHalfTime_andLastsForDays() {
    try (CentralIpam ipam = start()) {
      timer.advance(Duration.ofDays(2));
      assertThat(allocator.renewals).isEqualTo(48);
      assertThat(allocator.requests).hasSize(1);
      assertOwns(ipam, "10.60.3.0/24");
      assertThat(changes).hasValue(0);
    }
  }

  @Test
  void close_givesBackOnce_andStops() {
    CentralIpam ipam = start();
    ipam.close();
    ipam.close();
    assertThat(allocator.freed).containsExactly("10.60.3.0/24");
    assertThat(timer.pending()).isZero();
    assertThat(ipam.current()).isInstanceOf(PrefixSource.Missing.class);
  }

  @Test
  void refusedConnection_noPrefix_saysTheCauseAndHowLong() {
    refused = true;
    try (CentralIpam ipam = start()) {
      timer.advance(Duration.ofSeconds(12));
      assertThat(why(ipam))
          .isEqualTo("no prefix yet: IPAM at ipam:50051 unreachable for 12 s: connection refused");
      refused = false;
      timer.advance(Duration.ofMinutes(1));
      assertOwns(ipam, "10.60.3.0/24");
      assertThat(changes).hasValue(1);
    }
  }

  @Test
  void serverAway_isLoggedOnce_andItsReturnWithHowLongItTook() {
    try (LogLines log = LogLines.of(CentralIpam.class.getName());
        CentralIpam ipam = start()) {
      refused = true;
      timer.advance(Duration.ofMinutes(110));
      refused = false;
      timer.advance(Duration.ofMinutes(1));
      assertOwns(ipam, "10.60.3.0/24");
      assertThat(log.lines(Level.WARN))
          .hasSize(2)
          .first()
          .isEqualTo("IPAM at ipam:50051 unreachable: connection refused");
      assertThat(log.lines(Level.WARN).get(1))
          .matches("IPAM at ipam:50051: answers again after [0-9]+ s");
    }
  }

  @Test
  void poolOfServerEmpty_saysItsAnswer() {
    allocator.failure = Status.RESOURCE_EXHAUSTED.withDescription("No subnet left");
    try (CentralIpam ipam = start()) {
      assertThat(why(ipam))
          .isEqualTo(
              "no prefix yet: IPAM at ipam:50051 refuses with RESOURCE_EXHAUSTED for 0 s: no subnet left");
    }
  }

  @Test
  void serverAway_prefixStaysUntilTheLeaseEnds_thenNone_thenAgain() {
    try (CentralIpam ipam = start()) {
      refused = true;
      timer.advance(Duration.ofMinutes(119));
      assertOwns(ipam, "10.60.3.0/24");
      timer.advance(Duration.ofMinutes(1));
      assertThat(why(ipam))
          .isEqualTo(
              "no prefix any more: the lease of 10.60.3.0/24 ended: "
                  + "IPAM at ipam:50051 unreachable for 3600 s: connection refused");
      assertThat(changes).hasValue(1);
      refused = false;
      allocator.prefix = "10.60.9.0/24";
      timer.advance(Duration.ofMinutes(1));
      assertOwns(ipam, "10.60.9.0/24");
      assertThat(changes).hasValue(2);
    }
  }

  @Test
  void serverHasForgottenTheLease_asksForAnother() {
    try (CentralIpam ipam = start()) {
      allocator.renewFailure = Status.NOT_FOUND.withDescription("unknown subnet");
      allocator.prefix = "10.60.9.0/24";
      timer.advance(Duration.ofMinutes(62));
      assertOwns(ipam, "10.60.9.0/24");
    }
  }

  @Test
  void formerPrefix_isRenewed_notAskedAnew() {
    allocator.prefix = "10.60.9.0/24";
    try (CentralIpam ipam = start(Optional.of("10.60.3.0/24"))) {
      assertOwns(ipam, "10.60.3.0/24");
      assertThat(allocator.requests).isEmpty();
      timer.advance(Duration.ofMinutes(61));
      assertThat(allocator.renewals).isEqualTo(2);
    }
    assertThat(allocator.freed).containsExactly("10.60.3.0/24");
  }

  @Test
  void formerPrefix_notKnownAnyMore_anotherIsTaken() {
    for (Status refusal : List.of(Status.NOT_FOUND, Status.UNKNOWN, Status.UNIMPLEMENTED)) {
      allocator.renewFailure = refusal.withDescription("no such lease");
      try (CentralIpam ipam = start(Optional.of("10.60.7.0/24"))) {
        assertOwns(ipam, "10.60.3.0/24");
        assertThat(timer.pending()).isEqualTo(2);
      }
    }
  }

  @Test
  void formerPrefix_serverAway_isStillAskedForAfterwards() {
    refused = true;
    try (CentralIpam ipam = start(Optional.of("10.60.7.0/24"))) {
      assertThat(why(ipam)).startsWith("no prefix yet: IPAM at ipam:50051 unreachable");
      refused = false;
      timer.advance(Duration.ofMinutes(1));
      assertOwns(ipam, "10.60.7.0/24");
    }
  }

  @Test
  void nonsenseFromTheServer_isNoPrefix() {
    for (String nonsense : List.of("", "ten", "2001:db8::/64", "10.0.0.0/33")) {
      allocator.prefix = nonsense;
      try (CentralIpam ipam = start()) {
        assertThat(why(ipam)).contains("refuses with INTERNAL", "prefix: " + nonsense);
      }
    }
  }

  @Test
  void hostBitsFromTheServer_areMasked() {
    allocator.prefix = "10.60.3.7/24";
    try (CentralIpam ipam = start()) {
      assertOwns(ipam, "10.60.3.0/24");
    }
  }

  private CentralIpam start() {
    return start(Optional.empty());
  }

  private CentralIpam start(Optional<String> former) {
    CentralIpam ipam =
        CentralIpam.start(
            ClientInterceptors.intercept(channel, new Refusing()),
            new CentralIpam.Settings(
                "ipam:50051", "control.example", "cluster_pod", "cd1", IpFamily.IPV4, 24),
            former.map(io.vl3.net.IpPrefix::parse),
            timer,
            new Random(1),
            Reporter.NONE);
    ipam.onChange(changes::incrementAndGet);
    return ipam;
  }

  private static void assertOwns(CentralIpam ipam, String prefix) {
    assertThat(ipam.current())
        .isEqualTo(new PrefixSource.Known(List.of(io.vl3.net.IpPrefix.parse(prefix))));
  }

  private static String why(CentralIpam ipam) {
    return ((PrefixSource.Missing) ipam.current()).why();
  }

  /** Fails calls as Netty does when nobody listens, while told to. */
  private final class Refusing implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      if (!refused) {
        return next.newCall(method, options);
      }
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          ConnectException root = new ConnectException("Connection refused");
          listener.onClose(
              Status.UNAVAILABLE
                  .withDescription("io exception")
                  .withCause(new IOException("Connection refused: ipam/10.0.0.1:50051", root)),
              new Metadata());
        }

        @Override
        public void request(int messages) {}

        @Override
        public void sendMessage(Q message) {}

        @Override
        public void halfClose() {}

        @Override
        public void cancel(String message, Throwable cause) {}
      };
    }
  }

  /** A server with one prefix to give. */
  private static final class FakeAllocator extends AllocatorGrpc.AllocatorImplBase {
    private final List<SubnetRequest> requests = new ArrayList<>();
    private final List<String> freed = new ArrayList<>();
    private String prefix = "10.60.3.0/24";
    private Status failure = Status.OK;
    private Status renewFailure = Status.OK;
    private int renewals;

    @Override
    public void allocateSubnet(SubnetRequest request, StreamObserver<Subnet> observer) {
      requests.add(request);
      Subnet subnet =
          Subnet.newBuilder()
              .setIdentifier(request.getIdentifier())
              .setPrefix(IpPrefix.newBuilder().setSubnet(prefix))
              .setLeaseTimeout(2)
              .build();
      answer(observer, failure, subnet);
    }

    @Override
    public void renewSubnetLease(Subnet subnet, StreamObserver<Subnet> observer) {
      renewals++;
      answer(observer, renewFailure, subnet.toBuilder().setLeaseTimeout(2).build());
    }

    @Override
    public void freeSubnet(Subnet subnet, StreamObserver<Empty> observer) {
      freed.add(subnet.getPrefix().getSubnet());
      answer(observer, Status.OK, Empty.getDefaultInstance());
    }

    private static <T> void answer(StreamObserver<T> observer, Status status, T answer) {
      if (!status.isOk()) {
        observer.onError(status.asRuntimeException());
        return;
      }
      observer.onNext(answer);
      observer.onCompleted();
    }
  }
}
