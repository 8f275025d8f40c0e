package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.spiffe.svid.x509svid.X509Svid;
import io.vl3.cli.Vl3;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.transport.identity.TestAuthority;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Commands that ask processes by {@code --node}, over mutual TLS and on the loopback. */
@RequiresNetns
class NodesTest {

  @TempDir private Path directory;

  private final TestAuthority authority = new TestAuthority("example.org");
  private final String nse = Machine.unique("nodes");

  @Test
  void withTls_whoIsNamedSees_othersDoNot() throws Exception {
    Files.writeString(directory.resolve("trust.pem"), TestAuthority.pem(authority.root()));
    int port = freePort();
    try (Machine machine = new Machine(directory)) {
      machine.run(
          nse,
          endpoint()
              + "nsm: {%s}\n".formatted(identity("nse"))
              + "admin: {listenOn: 'tcp://0.0.0.0:%d', allow: [spiffe://example.org/ops]}\n"
                  .formatted(port));
      String node = "127.0.0.1:" + port;
      Path ops = config("ops");
      Wait.until(
          () -> "the node answers",
          () -> run("status", "--node", node, "--node-config", ops.toString()).code() != 3);
      Answer answer = run("status", "--node", node, "--node-config", ops.toString());
      assertThat(answer.code()).as(answer.err()).isZero();
      assertThat(answer.out()).startsWith("1 process, 1 NSE, ").contains("10.98.0.0/24");
      for (String command : new String[] {"peers", "connections", "routes", "names", "events"}) {
        assertThat(run(command, "--node", node, "--node-config", ops.toString()).code())
            .as(command)
            .isZero();
      }
      Answer refused = run("status", "--node", node, "--node-config", config("other").toString());
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err()).contains("spiffe://example.org/other").contains("admin.allow");
      assertThat(run("status", "--node", "10.255.255.1").code()).isEqualTo(2);
    }
  }

  @Test
  void onTheLoopback_withoutTls_besideASocket_andOneThatIsAwayIsSilent() throws Exception {
    int port = freePort();
    try (Machine machine = new Machine(directory)) {
      machine.run(nse, endpoint() + "admin: {listenOn: 'tcp://127.0.0.1:%d'}\n".formatted(port));
      Wait.until(
          () -> "the node answers", () -> run("status", "--node", "localhost:" + port).code() == 0);
      assertThat(run("status", "--node", "localhost:" + port).out()).startsWith("1 process, ");
      Answer half = run("status", "--node", "127.0.0.1:" + port, "--node", "127.0.0.1:1");
      assertThat(half.code()).isEqualTo(3);
      assertThat(half.out()).startsWith("1 process, ").contains("tcp://127.0.0.1:1");
    }
  }

  private String endpoint() {
    return """
    endpoints:
    - name: nodes
      nseName: %s
      vl3:
        ipam: {defaultPrefixPool: 10.98.0.0/16, prefixIndex: 0}
    """
        .formatted(nse);
  }

  private Path config(String name) throws IOException {
    return Files.writeString(
        directory.resolve(name + ".yaml"), "nsm: {%s}\n".formatted(identity(name)));
  }

  private String identity(String name) throws IOException {
    X509Svid svid = authority.issue("/" + name, Duration.ofHours(1));
    Path certificate = directory.resolve(name + "-svid.pem");
    Path key = directory.resolve(name + "-key.pem");
    try {
      Files.writeString(certificate, TestAuthority.pem(svid.getLeaf()));
    } catch (Exception impossible) {
      throw new IOException(impossible);
    }
    Files.writeString(key, TestAuthority.keyPem(svid));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    return "tls: {certificate: %s, key: %s, trust: %s}"
        .formatted(certificate, key, directory.resolve("trust.pem"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private record Answer(int code, String out, String err) {}

  private static Answer run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Vl3.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return new Answer(line.execute(arguments), out.toString(), err.toString());
  }
}
