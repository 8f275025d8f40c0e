package io.vl3.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.vl3.LogLines;
import io.vl3.api.connection.MonitorConnectionGrpc;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.grpc.internal.MonitorServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bytes that are no message are their sender's mistake, and cost no line of the log. */
class MalformedMessagesTest {

  private static final byte[] NO_MESSAGE = {0x0a, 0x7f, 0x01};

  private final TestTransport transport;
  private final LogLines log = LogLines.of("io");
  private final Errors errors = new Errors();

  MalformedMessagesTest() throws Exception {
    transport = new TestTransport();
  }

  @AfterEach
  void stop() throws Exception {
    transport.close();
    log.close();
    errors.close();
  }

  @Test
  void aCall_isAnsweredInvalid_andLeavesNoTrace() throws Exception {
    ManagedChannel channel =
        transport.serve(transport.unix("s"), new NetworkServiceGrpc.NetworkServiceImplBase() {});
    StatusRuntimeException answer =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                ClientCalls.blockingUnaryCall(
                    channel,
                    raw(NetworkServiceGrpc.getRequestMethod()),
                    CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS),
                    NO_MESSAGE));
    check(answer.getStatus());
  }

  @Test
  void aWatch_isAnsweredInvalid_andLeavesNoTrace() throws Exception {
    ConnectionMonitor never =
        (selector, listener) -> {
          throw new AssertionError("was not to be asked");
        };
    ManagedChannel channel =
        transport.serve(
            TestTransport.loopback(), new MonitorServer(never, MonitorServer.Rule.EVERYTHING));
    Iterator<byte[]> events =
        ClientCalls.blockingServerStreamingCall(
            channel,
            raw(MonitorConnectionGrpc.getMonitorConnectionsMethod()),
            CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS),
            NO_MESSAGE);
    check(catchThrowableOfType(StatusRuntimeException.class, events::hasNext).getStatus());
  }

  private void check(Status answer) {
    assertThat(answer.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(answer.getDescription()).contains("message: unreadable");
    assertThat(log.lines(Level.WARN)).isEmpty();
    assertThat(errors.seen).hasValue(0);
  }

  private static MethodDescriptor<byte[], byte[]> raw(MethodDescriptor<?, ?> method) {
    return method.toBuilder(new Bytes(), new Bytes()).build();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException impossible) {
        throw new UncheckedIOException(impossible);
      }
    }
  }

  /** What gRPC itself logs, which goes to the JDK's log. */
  private static final class Errors extends Handler {

    private final AtomicInteger seen = new AtomicInteger();
    private final Logger logger = Logger.getLogger("io.grpc");

    Errors() {
      logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord record) {
      if (record.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue()) {
        seen.incrementAndGet();
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      logger.removeHandler(this);
    }
  }
}
