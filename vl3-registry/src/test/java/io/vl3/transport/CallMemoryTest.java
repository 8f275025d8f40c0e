package io.vl3.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Empty;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.vl3.LogLines;
import io.vl3.api.connection.Connection;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.connection.ConnectionEvent;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.MonitorSelector;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.MonitorServer;
import io.vl3.grpc.internal.RemoteMonitor;
import io.vl3.internal.memory.SharedMemory;
import io.vl3.nsm.Eventually;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nobody makes a server keep more than its share, and others have theirs. */
class CallMemoryTest {

  private static final long EACH = 64 * CallMemory.CALL_BYTES;

  private final TestTransport transport;
  private final FakeTimer timer = new FakeTimer();
  private final CallMemory memory = new CallMemory(new SharedMemory(4 * EACH), timer);
  private final TransportUrl tcp;
  private final TransportUrl unix;

  CallMemoryTest() throws Exception {
    transport = new TestTransport();
    unix = transport.unix("s");
    ConnectionMonitor quiet =
        (selector, listener) -> {
          listener.onEvent(
              new ConnectionEvent(ConnectionEvent.Type.INITIAL_STATE_TRANSFER, List.of()));
          return () -> {};
        };
    MonitorServer monitor = new MonitorServer(quiet, MonitorServer.Rule.EVERYTHING);
    TransportOptions options = transport.options().withMemory(memory);
    transport.start(unix, options, monitor, new Closing());
    tcp = transport.start(TestTransport.loopback(), options, monitor, new Closing()).url();
  }

  @AfterEach
  void stop() throws Exception {
    transport.close();
  }

  @Test
  void streams_areBoundedForEachCaller_othersHaveTheirs_andTheyAreGivenBack() throws Exception {
    ManagedChannel one = transport.open(unix);
    RemoteMonitor greedy = new RemoteMonitor(one);
    List<ConnectionMonitor.Subscription> watches = new ArrayList<>();
    BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    try (LogLines log = LogLines.of(CallMemory.class.getName())) {
      EndpointException refusal = null;
      while (refusal == null && watches.size() < 65) {
        watches.add(greedy.monitor(MonitorSelector.ALL, new Teller(told)));
        refusal = told.poll(60, TimeUnit.SECONDS) instanceof EndpointException end ? end : null;
      }
      assertThat(refusal).isNotNull();
      assertThat(refusal.reason()).isEqualTo(Reason.EXHAUSTED);
      assertThat(refusal).hasMessageContaining("server: calls of unix peer uid:");
      assertThat(watches).hasSizeGreaterThan(32);
      assertThatThrownBy(() -> close(one)).hasMessageContaining("RESOURCE_EXHAUSTED");
      assertThat(close(transport.open(unix))).isNotNull();
      assertThat(close(transport.open(tcp))).isNotNull();
      assertThat(log.lines()).hasSize(1);
      timer.advance(Duration.ofMinutes(2));
      watches.forEach(ConnectionMonitor.Subscription::close);
      Eventually.until("given back", () -> memory.used() == 0);
      assertThat(log.lines()).last().isEqualTo("calls: there is memory again after 120 s");
    }
    assertThat(close(one)).isNotNull();
  }

  @Test
  void headers_areCounted() throws Exception {
    Metadata huge = new Metadata();
    huge.put(
        Metadata.Key.of("path", Metadata.ASCII_STRING_MARSHALLER),
        "x".repeat((int) EACH / CallMemory.FACTOR));
    var stub =
        NetworkServiceGrpc.newBlockingStub(transport.open(tcp))
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(huge));
    assertThat(refusal(() -> stub.close(Connection.getDefaultInstance())))
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    Eventually.until("given back", () -> memory.used() == 0);
  }

  @Test
  void messages_areCounted_asTheyArrive() throws Exception {
    Connection huge =
        Connection.newBuilder().setId("x".repeat((int) EACH / CallMemory.FACTOR)).build();
    var stub = NetworkServiceGrpc.newBlockingStub(transport.open(tcp));
    assertThat(refusal(() -> stub.close(huge))).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    Eventually.until("given back", () -> memory.used() == 0);
    assertThat(close(transport.open(tcp))).isNotNull();
  }

  private static Status.Code refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call).getStatus().getCode();
  }

  private static Empty close(ManagedChannel channel) {
    return NetworkServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .close(Connection.getDefaultInstance());
  }

  private static final class Closing extends NetworkServiceGrpc.NetworkServiceImplBase {
    @Override
    public void close(Connection connection, StreamObserver<Empty> observer) {
      observer.onNext(Empty.getDefaultInstance());
      observer.onCompleted();
    }
  }

  private record Teller(BlockingQueue<Object> told) implements ConnectionMonitor.Listener {
    @Override
    public void onEvent(ConnectionEvent event) {
      told.add(event);
    }

    @Override
    public void onEnd(Throwable cause) {
      told.add(cause);
    }
  }
}
