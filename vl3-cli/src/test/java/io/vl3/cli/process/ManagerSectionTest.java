package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code nsm.manager} of an endpoint, where a workload's client has started the manager. */
@RequiresNetns
class ManagerSectionTest {

  @TempDir private Path directory;

  @Test
  void theSectionOfAnEndpoint_isServed_thoughAClientWasThereFirst() throws Exception {
    int port = freePort();
    String nse = Machine.unique("sect");
    try (Machine machine = new Machine(directory)) {
      Netns workload = machine.workload("w");
      machine.client("sect-service", List.of(workload));
      Wait.until(
          () -> "the client has a manager",
          () -> Files.exists(machine.runDirectory().resolve("manager.json")));
      Vl3Process run =
          machine.run(
              nse,
              """
              nsm:
                manager: {listenOn: "tcp://127.0.0.1:%d", tunnelIp: 127.0.0.1, insecure: true}
              endpoints:
              - name: sect-service
                nseName: %s
                vl3:
                  ipam: {defaultPrefixPool: 10.92.0.0/16, prefixIndex: 4}
              """
                  .formatted(port, nse));
      run.awaitOutput("run by this process, with listenOn tcp://127.0.0.1:" + port);
      Machine.awaitAddress(workload, "10.92.4.");
      try (Socket other = new Socket(loopback(), port)) {
        assertThat(other.isConnected()).isTrue();
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
      return socket.getLocalPort();
    }
  }

  /** The address of the configuration, which need not be what the JVM takes for its loopback. */
  private static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }
}
