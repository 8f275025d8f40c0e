package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.linux.IcmpProbe;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.KernelState;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import io.vl3.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code vl3 run} killed at random points: workloads keep their addresses, even those that were
 * killed with it and cannot say what they had, and nobody else is given them meanwhile.
 */
@RequiresNetns
class KilledEndpointTest {

  private static final Pattern IPV4 = Pattern.compile("inet ([0-9.]+/[0-9]+)");
  private static final int KILLS = Integer.getInteger("vl3.kills", 2);

  @TempDir private Path directory;

  private final String nse = "kill" + ProcessHandle.current().pid();
  private final Random random = new Random(20);
  private final List<Vl3Process> processes = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() throws Exception {
    for (Vl3Process process : processes) {
      process.kill();
    }
    if (Netns.named("vl3-" + nse).exists()) {
      Netns.delete("vl3-" + nse);
    }
  }

  @Test
  void killedAtRandomPoints_everyWorkloadKeepsItsAddress() throws Exception {
    writeConfig();
    try (TestNetns fixtures = new TestNetns("vl3-kill")) {
      start("manager", List.of(fixtures.add("idle")), "nobody");
      List<Netns> workloads = fixtures.addAll(List.of("a", "b", "c"));
      Vl3Process run = run();
      Vl3Process clients = start("clients", workloads, "kill-service");
      List<String> addresses = new ArrayList<>();
      for (Netns workload : workloads) {
        addresses.add(awaitAddress(workload));
      }
      assertThat(addresses).doesNotHaveDuplicates();
      for (int kill = 0; kill < KILLS; kill++) {
        clients.kill();
        run.kill();
        run = run();
        // Anywhere between its first instruction and well after it serves again.
        pause(random.nextInt(1_500));
        run.kill();
        run = run();
        Netns newcomer = fixtures.add("new" + kill);
        Vl3Process client = start("new" + kill, List.of(newcomer), "kill-service");
        String given = awaitAddress(newcomer);
        assertThat(addresses).doesNotContain(given);
        clients = start("clients" + kill, workloads, "kill-service");
        for (Netns workload : workloads) {
          clients.awaitOutput(workload.path().getFileName() + ": nsm0 ");
        }
        for (int i = 0; i < workloads.size(); i++) {
          assertThat(awaitAddress(workloads.get(i))).isEqualTo(addresses.get(i));
          awaitPing(workloads.get(i));
        }
        addresses.add(given);
        workloads = new ArrayList<>(workloads);
        client.kill();
        workloads.add(newcomer);
      }
      assertThat(addresses).doesNotHaveDuplicates();
      checkJournal();
      clients.stop();
      run.stop();
      assertThat(Netns.named("vl3-" + nse).exists()).isFalse();
    }
  }

  private void writeConfig() throws IOException {
    Files.writeString(
        directory.resolve("vl3.yaml"),
        """
        endpoints:
        - name: kill-service
          nseName: %s
          vl3:
            ipam: {defaultPrefixPool: 10.91.0.0/16, prefixIndex: 3}
        """
            .formatted(nse));
  }

  private Vl3Process run() throws IOException {
    return started(
        directory.resolve("run.log"),
        "run",
        "--config",
        directory.resolve("vl3.yaml").toString(),
        "--run-dir",
        runDirectory());
  }

  private Vl3Process start(String name, List<Netns> netns, String service) throws IOException {
    List<String> line =
        new ArrayList<>(List.of("client", "--service", service, "--run-dir", runDirectory()));
    for (Netns each : netns) {
      line.addAll(List.of("--netns", each.path().toString()));
    }
    return started(directory.resolve(name + ".log"), line.toArray(String[]::new));
  }

  private Vl3Process started(Path log, String... line) throws IOException {
    Vl3Process process = Vl3Process.start(log, line);
    processes.add(process);
    return process;
  }

  private String runDirectory() {
    return directory.resolve("vl3").toString();
  }

  private static String awaitAddress(Netns workload) throws Exception {
    Wait.until(() -> workload + " has an address", () -> address(workload).find());
    Matcher address = address(workload);
    assertThat(address.find()).isTrue();
    return address.group(1);
  }

  private static Matcher address(Netns workload) throws IOException {
    return IPV4.matcher(KernelState.ip(workload, "-o", "-4", "address", "show", "dev", "nsm0"));
  }

  /** The other host of a /30. */
  private static void awaitPing(Netns workload) throws Exception {
    Matcher address = address(workload);
    assertThat(address.find()).isTrue();
    int last = address.group(1).lastIndexOf('.') + 1;
    String text = address.group(1);
    int host = Integer.parseInt(text.substring(last, text.indexOf('/')));
    String other = text.substring(0, last) + (host + 1);
    Wait.until(() -> workload + " reaches " + other, () -> pings(workload, other));
  }

  private static boolean pings(Netns workload, String other) throws IOException {
    return new IcmpProbe()
        .alive(workload.url(), IpAddress.parse(other), java.time.Duration.ofSeconds(1));
  }

  private void checkJournal() throws IOException {
    Path journal = Path.of(runDirectory(), "journal", nse + ".journal");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(journal)))
        .isEqualTo("rw-------");
    assertThat(new String(Files.readAllBytes(journal), java.nio.charset.StandardCharsets.UTF_8))
        .contains("binding kill-service uid%3A0 ")
        .doesNotContain("eyJ");
  }

  private static void pause(int millis) throws InterruptedException {
    var unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }
}
