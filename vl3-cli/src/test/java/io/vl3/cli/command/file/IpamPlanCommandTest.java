package io.vl3.cli.command.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.Golden;
import io.vl3.cli.Vl3;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class IpamPlanCommandTest {

  private static final Path GOLDEN = Path.of("src/test/resources/io/vl3/cli/command");

  private static final String FILE =
      """
      endpoints:
      - name: vl3-service
        vl3:
          ipam:
            defaultPrefixPool: 10.60.0.0/16
            prefixLength: 24
            prefixIndex: 0
            excludedPrefixes: [10.60.1.0/25]
      """;

  private static final String DUAL =
      """
      endpoints:
      - name: vl3-service
        vl3:
          ipam:
            defaultPrefixPool: [10.60.0.0/16, "fd00:60::/48"]
            prefixIndex: 0
            addressing: unnumbered
      """;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"table", "json", "yaml"})
  void plan_isPrintedInEveryForm(String format) throws IOException {
    Ended ended = plan(FILE, "--nses", "3", "--output", format);
    assertThat(ended.err()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    Golden.check(GOLDEN.resolve("plan." + format), ended.out());
  }

  @Test
  void dualStack_unnumbered_isPrinted() throws IOException {
    Ended ended = plan(DUAL, "--nses", "2", "--legacy-peers");
    assertThat(ended.exitCode()).isZero();
    Golden.check(GOLDEN.resolve("plan-dual.table"), ended.out());
  }

  @Test
  void planThatCannotWork_isPrinted_andFailsWithTheReason() throws IOException {
    Ended ended = plan(FILE, "--nses", "257", "--avoid", "10.60.2.0/23", "--first", "0");
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.out()).contains("problems:").contains("NSE  PREFIX");
    assertThat(ended.err())
        .contains("vl3: vl3-service: pool 10.60.0.0/16 overlaps avoided 10.60.2.0/23")
        .contains("vl3: vl3-service: endpoint 257 of 257: no prefix: index: 256")
        .endsWith("The plan cannot work: change pool, prefix or exclusions.\n");
  }

  @Test
  void prefixWithNoWorkloadLeft_failsWithTheReason() throws IOException {
    Ended ended = plan(FILE.replace("10.60.1.0/25", "10.60.0.0/24"));
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.err()).contains("endpoint 1: no workload fits in [10.60.0.0/24]");
  }

  @Test
  void poolsOfTwoServices_thatOverlap_fail() throws IOException {
    String other = FILE.replace("endpoints:\n", "").replace("vl3-service", "other");
    Ended ended = plan(FILE + other);
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.out()).contains("network service vl3-service").contains("service other");
    assertThat(ended.err()).contains("other: pool 10.60.0.0/16 overlaps avoided 10.60.0.0/16");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--nses    | 0x3          | Invalid value for option '--nses'",
        "--nses    | 100001       | --nses: 100001 (expected: 0..100000)",
        "--first   | -1           | --first: -1 (expected: 0..1000)",
        "--avoid   | 10.60.1.0/16 | no host bits",
        "--output  | xml          | one of [table, json, yaml]",
      })
  void badOption_isUsage(String option, String value, String told) throws IOException {
    Ended ended = plan(FILE, option, value);
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains(told);
  }

  @Test
  void fileWithMistakes_isUsage_andListsThem() throws IOException {
    Ended ended = plan(FILE.replace("10.60.0.0/16", "10.60.0.1/16").replace("24", "240"));
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .contains("vl3.yaml: 2 mistakes\n")
        .contains("vl3.yaml:5:26: endpoints[0].vl3.ipam.defaultPrefixPool: 10.60.0.1/16 (")
        .contains("vl3.yaml:6:21: endpoints[0].vl3.ipam.prefixLength: 240 (")
        .contains("Nothing was started.");
  }

  @Test
  void fileThatIsNoConfiguration_isRefused_howeverLong() throws IOException {
    Ended ended = plan("#".repeat((1 << 20) + 1));
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("longer (expected: at most 1 MiB)");
    assertThat(plan("#".repeat(1 << 20)).err()).contains("endpoints: missing");
    Ended directoryNamed = run("ipam-plan", "--config", directory.toString());
    assertThat(directoryNamed.exitCode()).isEqualTo(1);
    assertThat(directoryNamed.err()).contains("not readable: Is a directory");
  }

  @Test
  void missingFile_isNotFound() {
    Ended ended = run("ipam-plan", "--config", directory.resolve("none.yaml").toString());
    assertThat(ended.exitCode()).isEqualTo(4);
    assertThat(ended.err()).contains("none.yaml: no such file");
  }

  private Ended plan(String text, String... options) throws IOException {
    Path file = directory.resolve("vl3.yaml");
    Files.writeString(file, text);
    List<String> arguments = new ArrayList<>(List.of("ipam-plan", "--config", file.toString()));
    arguments.addAll(List.of(options));
    return run(arguments.toArray(new String[0]));
  }

  private static Ended run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Vl3.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return new Ended(line.execute(arguments), out.toString(), err.toString());
  }

  private record Ended(int exitCode, String out, String err) {}
}
