package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.Vl3;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code vl3 report} beside real processes that carry secrets, one of which hangs. */
@RequiresNetns
class ReportTest {

  private static final String JWT =
      "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJzcGlmZmU6Ly9wbGFudGVkIn0.cGxhbnRlZC1zaWduYXR1cmU";
  private static final String KEY_BODY = "MIGHplantedKeyBodyAgEAMBMGByqGSM49";

  /** In no byte of the archive may be one of these. */
  private static final List<String> PLANTED =
      List.of(
          "planted-config-token",
          "planted-url-password",
          "planted-variable",
          "planted-argument",
          "planted-label",
          "planted-bearer",
          "planted-in-block",
          "cGxhbnRlZC1zaWduYXR1cmU",
          "c3BpZmZlOi8vcGxhbnRlZCJ9",
          KEY_BODY);

  @TempDir private Path directory;

  private final String nse = Machine.unique("report");

  @Test
  void everythingIsInIt_noSecretIs_andWhoHangsDoesNotStopIt() throws Exception {
    Path log = Files.writeString(directory.resolve("extra.log"), secretLog());
    Path config = Files.writeString(directory.resolve("extra.yaml"), secretConfig());
    Path archive = directory.resolve("vl3-report.tar.gz");
    try (Machine machine = new Machine(directory)) {
      machine.run(nse, config(), Map.of("DATABASE_PASSWORD", "planted-variable"));
      Netns red = machine.workload("red");
      machine
          .labelledClient("report", List.of(red), Map.of("password", "planted-label"))
          .awaitOutput("served by");
      Vl3Process hung = machine.client("nobody", List.of(machine.workload("hung")));
      Files.writeString(
          machine.runDirectory().resolve("journal/other.journal"), "1 token " + JWT + "\n");
      Wait.until(() -> "three processes are seen", () -> status(machine).contains("3 processes"));
      hung.signal("STOP");
      long begin = System.nanoTime();
      Answer answer =
          run(
              "report",
              "--run-dir",
              machine.runDirectory().toString(),
              "--file",
              archive.toString(),
              "--config",
              config.toString(),
              "--log",
              log.toString(),
              "--time-limit",
              "40s");
      assertThat(answer.code()).as(answer.err()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(60));
      assertThat(answer.out()).isEqualTo(archive + "\n");
      assertThat(answer.err()).contains("processes/client-").contains("and what follows");
      hung.signal("CONT");
      check(archive, red);
      assertThat(
              run("report", "--run-dir", machine.runDirectory().toString(), "--file", archive + "")
                  .code())
          .as("a file that is there")
          .isEqualTo(2);
    }
  }

  @Test
  void nothingRuns_isAReportToo() throws Exception {
    Path archive = directory.resolve("empty.tar.gz");
    Answer answer = run("report", "--run-dir", directory.toString(), "--file", archive.toString());
    assertThat(answer.code()).as(answer.err()).isZero();
    assertThat(list(archive)).contains("empty/report.json", "empty/run-directory.txt");
  }

  private void check(Path archive, Netns red) throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)))
        .isEqualTo("rw-------");
    assertThat(Files.size(archive)).isLessThan(5_000_000);
    String bytes = new String(unzipped(archive), StandardCharsets.ISO_8859_1);
    for (String secret : PLANTED) {
      assertThat(bytes.contains(secret)).as(secret).isFalse();
    }
    assertThat(bytes.contains("-----BEGIN")).isFalse();
    assertThat(list(archive))
        .anyMatch(file -> file.matches("vl3-report/processes/run-\\d+/status.json"))
        .anyMatch(file -> file.matches("vl3-report/processes/run-\\d+/connections.json"))
        .anyMatch(file -> file.matches("vl3-report/processes/run-\\d+/routes.json"))
        .anyMatch(file -> file.matches("vl3-report/processes/run-\\d+/names.json"))
        .anyMatch(file -> file.matches("vl3-report/processes/run-\\d+/events.json"))
        .anyMatch(file -> file.matches("vl3-report/processes/run-\\d+/threads.txt"))
        .anyMatch(file -> file.matches("vl3-report/processes/run-\\d+/figures.json"))
        .anyMatch(file -> file.matches("vl3-report/processes/run-\\d+/config.json"))
        .anyMatch(file -> file.matches("vl3-report/processes/run-\\d+/log.txt"))
        .anyMatch(file -> file.matches("vl3-report/processes/run-\\d+/metrics.txt"))
        .contains(
            "vl3-report/namespaces/vl3-%s/routes.txt".formatted(nse),
            "vl3-report/namespaces/%s/links.txt".formatted(red.path().getFileName()),
            "vl3-report/journals.json",
            "vl3-report/missing.json");
    // What is no secret is there.
    assertThat(bytes)
        .contains("10.96.0.0/24", "heap-used-bytes", "\"tokenLifetime\" : \"10m\"")
        .contains(": registered for ", "the-log-itself", "ip_forward = 1", "other");
  }

  private String config() {
    return """
    endpoints:
    - name: report
      nseName: %s
      nseControl: {name: a, accessToken: planted-config-token}
      vl3:
        ipam: {defaultPrefixPool: 10.96.0.0/16, prefixIndex: 0}
    nsm: {tokenLifetime: 10m}
    metrics: {port: 19733}
    """
        .formatted(nse);
  }

  private static String secretConfig() {
    return """
    nsm:
      connectTo: tcp://user:planted-url-password@10.0.0.1:5001
      accessToken: |
        planted-in-block
        and more
      certificate: |
        -----BEGIN EC PRIVATE KEY-----
        %1$s
        -----END EC PRIVATE KEY-----
    """
        .formatted(KEY_BODY);
  }

  private static String secretLog() {
    return """
    the-log-itself
    request refused: %1$s
    Authorization: Bearer planted-bearer
    vl3 run --secret planted-argument
    connection to tcp://user:planted-url-password@10.0.0.1:5001 failed
    variable planted-variable, token planted-config-token, planted-in-block
    -----BEGIN PRIVATE KEY-----
    %2$s
    -----END PRIVATE KEY-----
    """
        .formatted(JWT, KEY_BODY);
  }

  private static byte[] unzipped(Path archive) throws Exception {
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(archive)))) {
      return in.readAllBytes();
    }
  }

  /** Read by a program that is not ours. */
  private static List<String> list(Path archive) throws Exception {
    Process tar = new ProcessBuilder("tar", "-tzf", archive.toString()).start();
    String files = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(tar.waitFor()).isZero();
    return files.lines().toList();
  }

  private static String status(Machine machine) {
    return run("status", "--run-dir", machine.runDirectory().toString()).out();
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
