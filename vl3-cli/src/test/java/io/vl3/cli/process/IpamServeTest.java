package io.vl3.cli.process;

import static io.vl3.cli.process.Machine.awaitAddress;
import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vl3 ipam-serve} with real NSEs, killed and started anew with its journal. */
@RequiresNetns
class IpamServeTest {

  @TempDir private Path directory;

  @Test
  void killedAndStartedAnew_itKnowsWhatItGave_andAStrangerGetsSomethingElse() throws Exception {
    String address = "127.0.0.1:" + freePort();
    String url = "tcp://" + address;
    Vl3Process ipam = serve(address);
    try (Machine machine = new Machine(directory)) {
      ipam.awaitOutput("central IPAM on " + url);
      Netns one = machine.workload("one");
      machine.run(Machine.unique("ipam-1"), nse("ipam-1", url));
      Vl3Process clients = machine.client("ipam-1", List.of(one));
      awaitAddress(one, "10.93.0.");

      ipam.kill();
      ipam = serve(address);
      ipam.awaitOutput("10.93.0.0/16 in /24, 1 given");
      Netns two = machine.workload("two");
      machine.run(Machine.unique("ipam-2"), nse("ipam-2", url));
      machine.client("ipam-2", List.of(two));
      awaitAddress(two, "10.93.1.");
      awaitAddress(one, "10.93.0.");
      assertThat(clients.output()).doesNotContain("10.93.1.");
    } finally {
      ipam.stop();
    }
  }

  @Test
  void journalThatAnotherHasOpen_isRefused_andNamed() throws Exception {
    Vl3Process first = serve("127.0.0.1:" + freePort());
    first.awaitOutput("central IPAM on");
    Vl3Process second =
        Vl3Process.start(
            directory.resolve("second.log"),
            "ipam-serve",
            "--prefix",
            "10.93.0.0/16",
            "--listen-on=127.0.0.1:" + freePort(),
            "--journal=" + directory.resolve("ipam.journal"));
    second.awaitOutput("ipam.journal (expected: one that nobody has open)");
    first.stop();
  }

  private Vl3Process serve(String listenOn) throws Exception {
    return Vl3Process.start(
        directory.resolve("ipam.log"),
        "ipam-serve",
        "--prefix=10.93.0.0/16",
        "--listen-on=" + listenOn,
        "--journal=" + directory.resolve("ipam.journal"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static String nse(String service, String server) {
    return """
        endpoints:
        - name: %s
          nseName: %s
          vl3:
            ipam: {defaultPrefixPool: 10.93.0.0/16, prefixServers: ["%s"]}
        nsm: {api: embedded, insecure: true}
        """
        .formatted(service, Machine.unique(service), server);
  }
}
