package io.vl3.cli.capture;

import static io.vl3.linux.testing.KernelState.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.capture.Capture.Limits;
import io.vl3.cli.capture.Capture.Summary;
import io.vl3.linux.IcmpProbe;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import io.vl3.net.IpAddress;
import io.vl3.testing.RequiresCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A router between red and blue, whose packets are captured while red pings blue. */
@RequiresNetns
@Timeout(120)
class CaptureRunTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final IpAddress BLUE = IpAddress.parse("10.2.0.2");

  @TempDir private Path directory;

  private final TestNetns fixtures = new TestNetns("capture");
  private final IcmpProbe probe = new IcmpProbe();
  private Netns router;
  private Netns red;

  @BeforeEach
  void build() throws Exception {
    router = fixtures.add("router");
    red = fixtures.add("red");
    Netns blue = fixtures.add("blue");
    wire(red, "to-red", 1);
    wire(blue, "to-blue", 2);
    router.call(() -> Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1"));
  }

  @AfterEach
  void remove() throws IOException {
    fixtures.close();
  }

  @Test
  void bothLinksOfAPing_areInTheFile_eachWithItsName_andItEndsAfterTheCount() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Summary summary = whilePinging(capture(Optional.empty(), 1500, 41L), out);
    assertThat(summary).isEqualTo(new Summary(41, 0));
    Pcapng read = Pcapng.of(out.toByteArray());
    assertThat(read.packets).isEqualTo(41);
    assertThat(read.interfaces).containsExactlyInAnyOrder("to-red", "to-blue");
    assertThat(read.descriptions).containsExactlyInAnyOrder("to red", "to blue");
    assertThat(read.leastNanos).isGreaterThan(1_600_000_000_000_000_000L);
  }

  @Test
  void oneLink_isSeenAlone_andItsPacketsAreCut() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Summary summary = whilePinging(capture(Optional.of("to-blue"), 64, 10L), out);
    assertThat(summary.captured()).isEqualTo(10);
    Pcapng read = Pcapng.of(out.toByteArray());
    assertThat(read.interfaces).containsExactly("to-blue");
    assertThat(read.longestKept).isEqualTo(64);
    assertThat(read.longest).isGreaterThan(64);
  }

  @Test
  void readerThatGoes_isTheEnd_andNoFailure() throws Exception {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    assertThat(whilePinging(capture(Optional.empty(), 64, null), gone).captured()).isZero();
  }

  @Test
  void itEndsAfterTheTime_andWhenItIsStopped_alsoWithoutAPacket() throws Exception {
    Limits short_ = new Limits(64, Optional.empty(), Optional.of(Duration.ofMillis(1)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Summary timed = new Capture(router, tapped(Optional.empty()), short_).run(out, () -> false);
    // The kernel may send packets of its own at any time.
    assertThat(timed).isEqualTo(new Summary(Pcapng.of(out.toByteArray()).packets, 0));
    out.reset();
    Limits none = new Limits(64, Optional.empty(), Optional.empty());
    Summary stopped = new Capture(router, tapped(Optional.empty()), none).run(out, () -> true);
    assertThat(stopped).isEqualTo(new Summary(Pcapng.of(out.toByteArray()).packets, 0));
  }

  @Test
  @RequiresCommand(value = "tshark", packages = "tshark")
  void tshark_readsItFromAPipe() throws Exception {
    Path file = directory.resolve("tshark.txt");
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
                "frame.time_epoch",
                "-e",
                "frame.interface_description")
            .redirectOutput(file.toFile())
            .redirectError(directory.resolve("tshark.err").toFile())
            .start();
    try (OutputStream pipe = tshark.getOutputStream()) {
      whilePinging(capture(Optional.empty(), 1500, 40L), pipe);
    }
    assertThat(tshark.waitFor(100, TimeUnit.SECONDS)).isTrue();
    assertThat(tshark.exitValue()).as(Files.readString(directory.resolve("tshark.err"))).isZero();
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    assertThat(lines)
        .anyMatch(line -> line.matches("to-red\t10\\.2\\.0\\.2\t8\t[0-9]+\\.[0-9]{9}\tto red"))
        .anyMatch(line -> line.matches("to-blue\t10\\.2\\.0\\.2\t8\t[0-9]+\\.[0-9]{9}\tto blue"))
        .anyMatch(line -> line.matches("to-red\t10\\.1\\.0\\.2\t0\t[0-9]+\\.[0-9]{9}\tto red"));
  }

  /** Runs it, with a ping after the other until it ends. */
  private Summary whilePinging(Capture capture, OutputStream out) throws Exception {
    CompletableFuture<Summary> running =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return capture.run(out, () -> false);
              } catch (IOException failure) {
                throw new IllegalStateException(failure);
              }
            });
    while (!running.isDone()) {
      probe.echo(red, BLUE, 200, PATIENCE).get();
    }
    return running.get();
  }

  private Capture capture(
      Optional<String> only, int snapBytes, @org.jspecify.annotations.Nullable Long count) {
    Limits limits = new Limits(snapBytes, Optional.ofNullable(count), Optional.empty());
    return new Capture(router, tapped(only), limits);
  }

  private Tapped tapped(Optional<String> only) {
    return new Tapped(router, Map.of("to-red", "red", "to-blue", "blue"), only);
  }

  private void wire(Netns to, String name, int net) throws IOException {
    String other = String.valueOf(to.path().getFileName());
    ip(router, "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", other);
    ip(router, "addr", "add", "10.%d.0.1/24".formatted(net), "dev", name);
    ip(router, "link", "set", name, "up");
    ip(to, "addr", "add", "10.%d.0.2/24".formatted(net), "dev", "eth0");
    ip(to, "link", "set", "eth0", "up");
    ip(to, "route", "add", "default", "via", "10.%d.0.1".formatted(net));
  }
}
