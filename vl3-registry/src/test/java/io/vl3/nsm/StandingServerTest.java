package io.vl3.nsm;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.registry.EndpointRecord;
import io.vl3.transport.TransportUrl;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class StandingServerTest {

  @RegisterExtension final EmbeddedManagerExtension nsm = new EmbeddedManagerExtension();

  @TempDir private Path directory;

  @Test
  void endpointWhoseSocketWasDeleted_withItsDirectory_listensAnew() throws Exception {
    Path socket = directory.resolve("nse").resolve("a.sock");
    Files.createDirectories(socket.getParent());
    try (TestNse nse =
        new TestNse(
            nsm.runtime(),
            "a",
            "service",
            nsm.manager().registry(),
            new TransportUrl.Unix(socket),
            1)) {
      EndpointRecord before = nse.registered().server.registration();
      Files.delete(socket);
      Files.delete(socket.getParent());
      Eventually.until("somebody listens", () -> answers(socket));
      assertThat(nse.server.registration().url()).isEqualTo(before.url());
    }
    assertThat(socket).doesNotExist();
  }

  private static boolean answers(Path socket) {
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return client.isConnected();
    } catch (IOException nobody) {
      return false;
    }
  }
}
