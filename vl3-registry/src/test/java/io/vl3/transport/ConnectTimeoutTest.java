package io.vl3.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vl3.api.connection.Connection;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A connection is not waited for longer than it may take to be made, whatever the call's time. */
class ConnectTimeoutTest {

  @Test
  void aServerThatDoesNotAccept_isUnavailable_longBeforeTheCallsTimeIsOver() throws Exception {
    try (TestTransport transport = new TestTransport();
        ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<Socket> waiting = fill(full);
      TransportOptions hasty = transport.options().withConnectTimeout(Duration.ofMillis(200));
      ManagedChannel channel = GrpcChannels.open("tcp://127.0.0.1:" + full.getLocalPort(), hasty);
      StatusRuntimeException failure =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () ->
                  NetworkServiceGrpc.newBlockingStub(channel)
                      .withDeadlineAfter(30, TimeUnit.SECONDS)
                      .close(Connection.getDefaultInstance()));
      assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(failure).hasStackTraceContaining("connection timed out");
      channel.shutdownNow();
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  /** Until the kernel leaves further connections without answer. */
  private static List<Socket> fill(ServerSocket server) throws IOException {
    List<Socket> waiting = new ArrayList<>();
    while (true) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 300);
      } catch (SocketTimeoutException full) {
        return waiting;
      }
    }
  }
}
