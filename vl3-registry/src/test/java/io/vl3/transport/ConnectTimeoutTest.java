package io.vl3.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vl3.api.connection.Connection;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.transport.internal.socket.OwnNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
          catchThrowableOfType(StatusRuntimeException.class, () -> close(channel));
      assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(failure).hasStackTraceContaining("connection timed out");
      channel.shutdownNow();
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  /** Who asks again after a cut is not held up by the pauses of the kernel's first packets. */
  @Test
  void behindAWireThatSwallowsEverything_aCallFailsBefore5s_andTheFirstOneAfterItReaches()
      throws Exception {
    try (OwnNetwork network = OwnNetwork.open();
        IoThreads io = new IoThreads(1, network.threads())) {
      network.swallow("192.0.2.2");
      ExecutorService executor = Executors.newCachedThreadPool(network.threads());
      TransportOptions options = TransportOptions.of(io, executor).withInsecure(true);
      RunningServer server =
          network.call(
              () ->
                  GrpcServers.start(
                      TransportUrl.parse("tcp://0.0.0.0:0"), options, List.of(new Closes())));
      int port = ((TransportUrl.Tcp) server.url()).port();
      ManagedChannel channel = GrpcChannels.open("tcp://192.0.2.2:" + port, options);
      Channel wakeful = GrpcChannels.wakeful(channel);
      // The caller's thread may be the one that makes the socket.
      assertThatThrownBy(() -> network.call(() -> close(wakeful)))
          .hasStackTraceContaining("connection timed out after 3000 ms");
      network.deliver("192.0.2.2");
      assertThat(network.call(() -> close(wakeful))).isTrue();
      channel.shutdownNow();
      server.close();
      executor.shutdownNow();
    }
  }

  private static boolean close(Channel channel) {
    return NetworkServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .close(Connection.getDefaultInstance())
        .isInitialized();
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
