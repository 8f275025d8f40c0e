package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vl3.cli.Vl3;
import io.vl3.cli.assembly.SelfCommand;
import io.vl3.cli.tracing.OtlpReceiver;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code vl3 demo} as a user runs it. */
@RequiresNetns
class DemoTest {

  @TempDir private Path dir;
  private List<String> namespacesBefore = List.of();
  private String linksBefore = "";

  @BeforeEach
  void look() throws Exception {
    namespacesBefore = Netns.list("");
    linksBefore = LiveNetwork.output("ip", "-br", "link");
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    assertThat(Netns.list("")).isEqualTo(namespacesBefore);
    assertThat(LiveNetwork.output("ip", "-br", "link")).isEqualTo(linksBefore);
    assertThat(processesOfOurs()).isEmpty();
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void twoDomains_everyPairAnswersWithTheRightPage() throws Exception {
    StringWriter out = new StringWriter();
    assertThat(demo(out, "--output", "json")).isZero();
    JsonNode report = new ObjectMapper().readTree(out.toString());
    assertThat(report.get("pairs").asInt()).isEqualTo(56);
    assertThat(report.get("reachable").asInt()).isEqualTo(56);
    assertThat(report.get("setupSeconds").asDouble()).isPositive();
    assertThat(report.get("results")).hasSize(56).allMatch(pair -> pair.get("ok").asBoolean());
  }

  @Test
  void oneWorkload_hasNobodyToFetchFrom_andIsDoneOnceItIsAttached() throws Exception {
    StringWriter out = new StringWriter();
    assertThat(demo(out, "--domains", "1", "--nses", "1", "--workloads", "1")).isZero();
    assertThat(out.toString()).contains("one workload, attached in ");
  }

  @Test
  void itsProcesses_sendSpansToAReceiverOfThisMachine() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      String said = traced("http://localhost:" + receiver.port());
      assertThat(said).contains("one workload, attached").doesNotContain("spans are lost");
      assertThat(receiver.spans())
          .extracting(OtlpReceiver.Received::service)
          .contains("vl3-client");
    }
  }

  @Test
  void aReceiverThatIsAway_isNamed_andTheDemoRuns() throws Exception {
    assertThat(traced("http://127.0.0.1:9"))
        .contains("traces: http://127.0.0.1:9: spans are lost: Connection refused")
        .contains("one workload, attached");
  }

  /** What the smallest says, started with an OTLP endpoint. */
  private String traced(String endpoint) throws Exception {
    List<String> options =
        List.of(
            "demo",
            "--domains",
            "1",
            "--nses",
            "1",
            "--workloads",
            "1",
            "--run-dir",
            dir.toString());
    ProcessBuilder demo = new ProcessBuilder(SelfCommand.line(options)).redirectErrorStream(true);
    demo.environment().put("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
    Process process = demo.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void demoKilled_itsProcessesAndNamespacesAreRemovedByTheNext() throws Exception {
    Process killed =
        new ProcessBuilder(
                SelfCommand.line(Stream.concat(small().stream(), Stream.of("--keep")).toList()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var reader = killed.inputReader()) {
      while (!reader.readLine().contains("pairs answer")) {
        assertThat(killed.isAlive()).isTrue();
      }
      killed.destroyForcibly().waitFor();
    }
    assertThat(Netns.list("vl3-")).isNotEmpty();
    assertThat(processesOfOurs()).isNotEmpty();

    StringWriter out = new StringWriter();
    assertThat(execute(out, small())).isZero();
    assertThat(out.toString()).contains("2 of 2 pairs answer");
  }

  private List<String> small() {
    return List.of(
        "demo", "--domains", "1", "--nses", "1", "--workloads", "2", "--run-dir", dir.toString());
  }

  private int demo(StringWriter out, String... options) {
    return execute(
        out,
        Stream.concat(Stream.of("demo", "--run-dir", dir.toString()), Stream.of(options)).toList());
  }

  private static int execute(StringWriter out, List<String> arguments) {
    CommandLine line = Vl3.commandLine();
    line.setOut(new PrintWriter(out));
    return line.execute(arguments.toArray(String[]::new));
  }

  private List<Long> processesOfOurs() {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(
            pid ->
                pid != ProcessHandle.current().pid() && commandLine(pid).contains(dir.toString()))
        .toList();
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException endedMeanwhile) {
      return "";
    }
  }
}
