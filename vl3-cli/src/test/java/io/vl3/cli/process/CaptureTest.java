package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.Vl3;
import io.vl3.cli.assembly.SelfCommand;
import io.vl3.cli.capture.Pcapng;
import io.vl3.linux.IcmpProbe;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.net.IpAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code vl3 capture} of an NSE with two workloads that ping each other. */
@RequiresNetns
class CaptureTest {

  private static final String NSE = Machine.unique("capture");

  @TempDir private static Path directory;

  private static Machine machine;
  private static Netns red;
  private static Netns blue;

  private final List<Process> started = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    machine = new Machine(directory);
    machine.run(
        NSE,
        """
        endpoints:
        - name: capture
          nseName: %s
          vl3:
            ipam: {defaultPrefixPool: 10.97.0.0/16, prefixIndex: 0}
        """
            .formatted(NSE));
    red = machine.workload("red");
    blue = machine.workload("blue");
    machine.client("capture", List.of(red, blue));
    Machine.awaitAddress(red, "10.97.");
    Machine.awaitAddress(blue, "10.97.");
    Machine.awaitPing(red, blue);
  }

  @AfterAll
  static void stop() throws Exception {
    machine.close();
  }

  @AfterEach
  void endPrograms() throws Exception {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void oneLink_byTheNameOfItsOtherSide_andPacketsAreCut() throws Exception {
    Path file = directory.resolve("b.pcapng");
    Process capture =
        capture(file, "--count", "10", "--snap", "64", String.valueOf(red.path().getFileName()));
    pingUntilItEnds(capture);
    Pcapng read = Pcapng.of(Files.readAllBytes(file));
    assertThat(read.descriptions).containsExactly("to " + red.path().getFileName());
    assertThat(read.longestKept).isEqualTo(64);
    assertThat(read.longest).isEqualTo(214);
  }

  @Test
  void interrupted_itEndsCleanly_withAWholeFile() throws Exception {
    Path file = directory.resolve("c.pcapng");
    Process capture = capture(file);
    Wait.until(
        () -> "packets: " + errors(),
        () -> {
          Machine.awaitPing(red, blue);
          return Files.size(file) > 2_000;
        });
    signal(capture, "INT");
    assertThat(capture.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(errors()).contains(" packets captured, 0 lost");
    assertThat(Pcapng.of(Files.readAllBytes(file)).packets).isPositive();
  }

  @Test
  void whoIsNotThere_isNotFound() throws Exception {
    Wait.until(() -> "the NSE answers", () -> execute("capture", "nobody") != 3);
    assertThat(execute("capture", "nobody")).isEqualTo(4);
    assertThat(execute("capture", NSE, "nobody")).isEqualTo(4);
    assertThat(execute("capture", NSE, "--snap", "1")).isEqualTo(2);
  }

  /** With 200 bytes, which are 214 with Ethernet's header. */
  private void pingUntilItEnds(Process capture) throws Exception {
    IpAddress target = IpAddress.parse(Machine.address(blue));
    IcmpProbe probe = new IcmpProbe();
    Wait.until(
        () -> "the capture ends: " + errors(),
        () -> {
          probe.echo(red, target, 200, Duration.ofSeconds(1)).get();
          return !capture.isAlive();
        });
  }

  /** Starts one; on a busy machine the NSE may not answer in time, and is asked again. */
  private Process capture(Path file, String... more) throws Exception {
    List<Process> tries = new ArrayList<>(List.of(launch(List.of(more), file)));
    Wait.until(
        () -> "it has begun: " + errors(),
        () -> {
          Process last = tries.get(tries.size() - 1);
          if (!last.isAlive() && last.exitValue() == 3) {
            tries.add(launch(List.of(more), file));
          }
          return Files.size(file) > 0;
        });
    return tries.get(tries.size() - 1);
  }

  private Process launch(List<String> more, Path file) throws IOException {
    return start(builder(more).redirectOutput(file.toFile()));
  }

  private Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private ProcessBuilder builder(List<String> more) {
    List<String> line =
        new ArrayList<>(List.of("capture", NSE, "--run-dir", machine.runDirectory().toString()));
    line.addAll(more);
    // Where the tests run in the background of a shell, they inherit that SIGINT is ignored.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.addAll(SelfCommand.line(line));
    return new ProcessBuilder(command).redirectError(directory.resolve("capture.err").toFile());
  }

  private String errors() {
    try {
      return Files.readString(directory.resolve("capture.err"));
    } catch (IOException none) {
      return none.toString();
    }
  }

  private int execute(String... arguments) {
    CommandLine line = Vl3.commandLine();
    line.setOut(new PrintWriter(new StringWriter()));
    line.setErr(new PrintWriter(new StringWriter()));
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--run-dir", machine.runDirectory().toString()));
    return line.execute(all.toArray(String[]::new));
  }

  private static void signal(Process process, String signal) throws Exception {
    String line = "kill -%s %d".formatted(signal, process.pid());
    assertThat(new ProcessBuilder("sh", "-c", line).start().waitFor()).isZero();
  }
}
