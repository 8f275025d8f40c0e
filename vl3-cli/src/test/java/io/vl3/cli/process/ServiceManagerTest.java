package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vl3.cli.Vl3;
import io.vl3.linux.testing.RequiresNetns;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What systemd is told, heard by a program that is not ours: a socket of Python's. */
@RequiresNetns
class ServiceManagerTest {

  private static final String LISTENER =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      name = sys.argv[1]
      s.bind('\\0' + name[1:] if name[0] == '@' else name)
      while True:
        print('[' + s.recv(65536).decode().replace('\\n', '|') + ']', flush=True)
      """;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"path", "abstract"})
  void process_tellsWhenItIsReady_changes_lives_andEnds(String kind) throws Exception {
    assumeTrue(hasPython(), "python3 is missing");
    String nse = Machine.unique("notify");
    String socket =
        kind.equals("path") ? directory.resolve("notify.sock").toString() : "@vl3-test-" + nse;
    Path heard = directory.resolve("heard");
    Process listener = Programs.start(heard, "python3", "-c", LISTENER, socket);
    try (Machine machine = new Machine(directory)) {
      awaitListener(kind, socket);
      Vl3Process run =
          machine.run(
              nse, config(nse, "a"), Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "3000000"));
      awaitHeard(heard, "[READY=1|STATUS=1 NSE, 0 workloads: all is well]");
      awaitHeard(heard, "[WATCHDOG=1]");
      Files.writeString(directory.resolve(nse + ".yaml"), config(nse, "b"));
      execute("reload", "--run-dir", machine.runDirectory().toString());
      awaitReadyAfter(heard, "[RELOADING=1|");
      assertThat(Files.readString(heard))
          .containsPattern("\\[RELOADING=1\\|MONOTONIC_USEC=[0-9]+\\|STATUS=reading");
      execute("restart", nse, "--run-dir", machine.runDirectory().toString());
      awaitReadyAfter(heard, "|STATUS=starting anew]");
      run.stop();
      awaitHeard(heard, "[STOPPING=1|");
    } finally {
      Programs.end(listener, true);
    }
  }

  private static void execute(String... arguments) {
    CommandLine line = Vl3.commandLine();
    StringWriter said = new StringWriter();
    line.setOut(new PrintWriter(said));
    line.setErr(new PrintWriter(said));
    int code = line.execute(arguments);
    assertThat(code).as(said.toString()).isZero();
  }

  private static void awaitListener(String kind, String socket) throws Exception {
    Path sockets = Path.of("/proc/net/unix");
    Wait.until(
        () -> kind + ": listens",
        () -> Files.readAllLines(sockets).stream().anyMatch(line -> line.endsWith(socket)));
  }

  private static void awaitHeard(Path heard, String text) throws Exception {
    Wait.until(() -> "heard " + text, () -> Files.readString(heard).contains(text));
  }

  private static void awaitReadyAfter(Path heard, String text) throws Exception {
    awaitHeard(heard, text);
    Wait.until(
        () -> "ready after " + text,
        () -> {
          String now = Files.readString(heard);
          return now.lastIndexOf("[READY=1|") > now.indexOf(text);
        });
  }

  private static boolean hasPython() throws Exception {
    try {
      Process version =
          new ProcessBuilder("python3", "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return version.waitFor(20, TimeUnit.SECONDS) && version.exitValue() == 0;
    } catch (java.io.IOException missing) {
      return false;
    }
  }

  private static String config(String nse, String label) {
    return """
    endpoints:
    - name: notify
      nseName: %s
      labels: {version: %s}
      vl3:
        ipam: {defaultPrefixPool: 10.96.0.0/16, prefixIndex: 1}
    """
        .formatted(nse, label);
  }
}
