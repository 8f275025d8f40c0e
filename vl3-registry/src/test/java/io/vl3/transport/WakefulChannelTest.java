package io.vl3.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Channel;
import io.vl3.api.connection.Connection;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who has pauses of its own finds a server that is back with its next call. */
class WakefulChannelTest {

  private static final int FAILURES = 8;

  @Test
  void theFirstCallToAServerThatIsBack_reachesIt_howeverOftenItWasAway() throws Exception {
    try (TestTransport transport = new TestTransport()) {
      TransportUrl url = TransportUrl.parse("tcp://127.0.0.1:" + freePort());
      Channel channel = GrpcChannels.wakeful(transport.open(url));
      for (int i = 0; i < FAILURES; i++) {
        assertThatThrownBy(() -> call(channel)).hasStackTraceContaining("Connection refused");
      }
      transport.start(url, new Closes());
      assertThat(call(channel)).isTrue();
    }
  }

  private static boolean call(Channel channel) {
    return NetworkServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .close(Connection.getDefaultInstance())
        .isInitialized();
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
