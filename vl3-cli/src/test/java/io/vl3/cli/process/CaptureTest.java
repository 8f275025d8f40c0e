package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.Vl3;
import io.vl3.cli.assembly.SelfCommand;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.testing.RequiresCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
  void bothLinksOfAPing_areInTheFile_eachWithItsName_andItEndsAfterTheCount() throws Exception {
    Path file = directory.resolve("a.pcapng");
    Process capture = capture(file, "--count", "40");
    pingUntilItEnds(capture);
    assertThat(capture.exitValue()).isZero();
    assertThat(errors()).contains("40 packets captured, 0 lost");
    Pcapng read = Pcapng.of(Files.readAllBytes(file));
    assertThat(read.packets).isEqualTo(40);
    assertThat(read.interfaces).hasSize(2).allMatch(name -> name.startsWith("vl3-"));
    assertThat(read.descriptions)
        .containsExactlyInAnyOrder(
            "to " + red.path().getFileName(), "to " + blue.path().getFileName());
    assertThat(read.leastNanos).isGreaterThan(1_600_000_000_000_000_000L);
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
    assertThat(read.longest).isGreaterThan(64);
  }

  @Test
  @RequiresCommand(value = "tshark", packages = "tshark")
  void tshark_readsItFromAPipe() throws Exception {
    Path file = directory.resolve("tshark.txt");
    Process capture =
        begun(
            () -> launch(List.of("--count", "40")),
            () -> started.get(started.size() - 1).getInputStream().available() > 0);
    Process tshark =
        new ProcessBuilder(
                "tshark",
                "-r",
                "-",
                "-Y",
                "icmp",
                "-T",
                "fields",
                "-e",
                "frame.interface_name",
                "-e",
                "ip.dst",
                "-e",
                "icmp.type",
                "-e",
                "frame.time_epoch")
            .redirectOutput(file.toFile())
            .redirectError(directory.resolve("tshark.err").toFile())
            .start();
    started.add(tshark);
    Thread pipe = new Thread(() -> copy(capture.getInputStream(), tshark));
    pipe.start();
    pingUntilItEnds(capture);
    pipe.join();
    assertThat(tshark.waitFor(60, TimeUnit.SECONDS)).isTrue();
    List<String> lines = Files.readAllLines(file);
    assertThat(tshark.exitValue()).as(Files.readString(directory.resolve("tshark.err"))).isZero();
    String requests = Machine.address(blue);
    String replies = Machine.address(red);
    assertThat(lines).hasSizeGreaterThan(10).allMatch(line -> line.startsWith("vl3-"));
    assertThat(lines)
        .anyMatch(line -> line.contains("\t" + requests + "\t8\t"))
        .anyMatch(line -> line.contains("\t" + replies + "\t0\t"))
        .allMatch(line -> line.matches(".*\\.[0-9]{9}"));
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
  void readerThatGoes_endsItCleanly() throws Exception {
    Process capture =
        begun(
            () -> launch(List.of()),
            () -> started.get(started.size() - 1).getInputStream().available() > 27);
    assertThat(capture.getInputStream().readNBytes(28)).hasSize(28);
    capture.getInputStream().close();
    pingUntilItEnds(capture);
    assertThat(capture.exitValue()).isZero();
    assertThat(errors()).contains(" packets captured, ").doesNotContain("Exception");
  }

  @Test
  void whoIsNotThere_isNotFound() throws Exception {
    Wait.until(() -> "the NSE answers", () -> execute("capture", "nobody") != 3);
    assertThat(execute("capture", "nobody")).isEqualTo(4);
    assertThat(execute("capture", NSE, "nobody")).isEqualTo(4);
    assertThat(execute("capture", NSE, "--snap", "1")).isEqualTo(2);
  }

  private void pingUntilItEnds(Process capture) throws Exception {
    Wait.until(
        () -> "the capture ends: " + errors(),
        () -> {
          Machine.awaitPing(red, blue);
          return !capture.isAlive();
        });
  }

  private Process capture(Path file, String... more) throws Exception {
    return begun(() -> launch(List.of(more), file), () -> Files.size(file) > 0);
  }

  /** On a busy machine the NSE may not answer in time: it is asked again. */
  private Process begun(Callable<Process> start, Callable<Boolean> hasBegun) throws Exception {
    List<Process> tries = new ArrayList<>(List.of(start.call()));
    Wait.until(
        () -> "it has begun: " + errors(),
        () -> {
          Process last = tries.get(tries.size() - 1);
          if (!last.isAlive() && last.exitValue() == 3) {
            tries.add(start.call());
          }
          return hasBegun.call();
        });
    return tries.get(tries.size() - 1);
  }

  private Process launch(List<String> more) throws IOException {
    return start(builder(more));
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
    return new ProcessBuilder(SelfCommand.line(line))
        .redirectError(directory.resolve("capture.err").toFile());
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

  private static void copy(InputStream from, Process to) {
    try (var out = to.getOutputStream()) {
      from.transferTo(out);
    } catch (IOException ended) {
      // The assertions say what came.
      return;
    }
  }

  /** A reader of what is in such a file; it fails where the file is none. */
  private static final class Pcapng {

    private final List<String> interfaces = new ArrayList<>();
    private final List<String> descriptions = new ArrayList<>();
    private int packets;
    private int longest;
    private int longestKept;
    private long leastNanos = Long.MAX_VALUE;

    static Pcapng of(byte[] bytes) {
      Pcapng read = new Pcapng();
      ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(file.getInt(0)).isEqualTo(0x0A0D0D0A);
      assertThat(file.getInt(8)).isEqualTo(0x1A2B3C4D);
      while (file.hasRemaining()) {
        int type = file.getInt();
        int length = file.getInt();
        assertThat(length % 4).isZero();
        ByteBuffer body = file.slice(file.position(), length - 12).order(ByteOrder.LITTLE_ENDIAN);
        file.position(file.position() + length - 12);
        assertThat(file.getInt()).isEqualTo(length);
        read.block(type, body);
      }
      return read;
    }

    private void block(int type, ByteBuffer body) {
      if (type == 1) {
        Map<Integer, byte[]> options = options(body, 8);
        interfaces.add(new String(options.get(2), StandardCharsets.UTF_8));
        descriptions.add(new String(options.get(3), StandardCharsets.UTF_8));
        assertThat(options.get(9)).containsExactly(9);
      } else if (type == 6) {
        packets++;
        assertThat(body.getInt(0)).isLessThan(interfaces.size());
        long nanos = ((long) body.getInt(4) << 32) | Integer.toUnsignedLong(body.getInt(8));
        leastNanos = Math.min(leastNanos, nanos);
        longestKept = Math.max(longestKept, body.getInt(12));
        longest = Math.max(longest, body.getInt(16));
        int data = (body.getInt(12) + 3) & ~3;
        assertThat(options(body, 20 + data).get(2)[0]).isBetween((byte) 1, (byte) 2);
      }
    }

    private static Map<Integer, byte[]> options(ByteBuffer body, int begin) {
      Map<Integer, byte[]> options = new HashMap<>();
      int at = begin;
      while (body.getShort(at) != 0) {
        byte[] value = new byte[body.getShort(at + 2)];
        body.get(at + 4, value);
        options.put((int) body.getShort(at), value);
        at += 4 + ((value.length + 3) & ~3);
      }
      return options;
    }
  }
}
