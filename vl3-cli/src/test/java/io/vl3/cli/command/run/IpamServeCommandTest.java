package io.vl3.cli.command.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.Vl3;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class IpamServeCommandTest {

  @TempDir private Path directory;

  @Test
  void otherMachinesWithoutTls_takeAWordOfTheOperator() {
    assertThat(refusal("--prefix=10.60.0.0/16", "--listen-on=0.0.0.0:5006"))
        .contains("--listen-on: 0.0.0.0:5006 without TLS (expected: the loopback, --tls-config, or")
        .startsWith("2 ");
  }

  @Test
  void whatCannotBeGiven_isUsage() {
    assertThat(refusal()).startsWith("2 ").contains("--prefix=CIDR");
    assertThat(refusal("--prefix=10.60.0.1/16")).startsWith("2 ").contains("10.60.0.1/16");
    assertThat(refusal("--prefix=10.60.0.0/16", "--prefix-length=8"))
        .startsWith("2 ")
        .contains("prefix length: 8 (expected: 16..32 for the pool 10.60.0.0/16)");
    assertThat(refusal("--prefix=10.60.0.0/16", "--lease=90m"))
        .startsWith("2 ")
        .contains("lease: PT1H30M (expected: whole hours, 1..8760)");
  }

  @Test
  void journalThatCannotBeWritten_isNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "no directory");
    assertThat(refusal("--prefix=10.60.0.0/16", "--journal=" + file + "/j"))
        .contains("--journal: " + file + "/j: not usable");
  }

  private static String refusal(String... arguments) {
    StringWriter err = new StringWriter();
    CommandLine line = Vl3.commandLine();
    line.setErr(new PrintWriter(err));
    String[] all = new String[arguments.length + 1];
    all[0] = "ipam-serve";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return line.execute(all) + " " + err;
  }
}
