package io.vl3.transport.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class TcpOptionsTest {

  private final TcpOptions options = new TcpOptions(Duration.ofSeconds(30), Duration.ofSeconds(10));

  @Test
  void dataThatNobodyAcknowledges_livesAsLongAsSilence_alsoOnWhatIsAccepted() throws Exception {
    try (ServerSocketChannel server = options.limitUnanswered(ServerSocketChannel.open())) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketChannel client = options.limitUnanswered(SocketChannel.open())) {
        client.connect(server.getLocalAddress());
        try (SocketChannel accepted = server.accept()) {
          assertThat(TcpOptions.limitMillis(client)).isEqualTo(40_000);
          assertThat(TcpOptions.limitMillis(accepted)).isEqualTo(40_000);
        }
      }
    }
  }

  /** Kernels before 6.15 have no such option. */
  @Test
  void dataThatNobodyAcknowledges_isSentAgainEveryTwoSeconds() throws Exception {
    try (SocketChannel client = SocketChannel.open()) {
      int usual;
      try {
        usual = TcpOptions.longestPauseMillis(client);
      } catch (IOException unknown) {
        System.out.println("SKIPPED: the kernel has no TCP_RTO_MAX_MS: " + unknown.getMessage());
        Assumptions.abort("TCP_RTO_MAX_MS: " + unknown.getMessage());
        throw unknown;
      }
      assertThat(usual).isGreaterThan(2_000);
      assertThat(TcpOptions.longestPauseMillis(options.limitUnanswered(client))).isEqualTo(2_000);
    }
  }

  @Test
  void theLastQuestion_isAskedBeforeTheAnswersTimeIsOver() {
    assertThat(values(options)).containsExactly(30, 3, 3);
    assertThat(values(new TcpOptions(Duration.ofMillis(200), Duration.ofMillis(200))))
        .containsExactly(1, 1, 3);
  }

  private static List<Integer> values(TcpOptions options) {
    assertThat(options.channelOptions().keySet())
        .extracting(ChannelOption::name)
        .containsExactly("TCP_KEEPIDLE", "TCP_KEEPINTERVAL", "TCP_KEEPCOUNT");
    return List.copyOf(options.channelOptions().values());
  }
}
