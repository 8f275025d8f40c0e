package io.vl3.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The result goes to stdout, the diagnosis to stderr, and the exit code tells the kind. */
class Vl3Test {

  @Command(name = "fail")
  record Failing(Exception failure) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      throw failure;
    }
  }

  @Test
  void version_isTheResult() {
    Run run = run(Vl3.commandLine(), "version");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .matches("vl3 \\d+\\.\\d+\\.\\d+\\S* \\(commit ([0-9a-f]{7,}|unknown), Java .*\\)\\R");
    assertThat(run.err()).isEmpty();
    assertThat(run(Vl3.commandLine(), "--version").out()).isEqualTo(run.out());
  }

  @Test
  void noCommand_unknownCommand_unknownOption_areUsage() {
    assertThat(run(Vl3.commandLine()).exitCode()).isEqualTo(2);
    assertThat(run(Vl3.commandLine(), "versoin").err())
        .startsWith("vl3: Unmatched argument at index 0: 'versoin'\n")
        .contains("Did you mean: vl3 version")
        .endsWith("Run `vl3 --help` for what is possible.\n");
    assertThat(run(Vl3.commandLine(), "rum").exitCode()).isEqualTo(2);
    assertThat(run(Vl3.commandLine(), "version", "--nope").exitCode()).isEqualTo(2);
  }

  @Test
  void help_namesTheExitCodes() {
    Run run = run(Vl3.commandLine(), "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Exit codes:").contains("3   something needed does not answer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "client",
        "completion",
        "config",
        "config schema",
        "demo",
        "ipam-plan",
        "journals",
        "capture",
        "report",
        "verify",
        "version",
        "vpp",
        "vpp show",
        "vpp diff",
        "vpp reconcile"
      })
  void helpOfACommand_isAResult(String command) {
    for (String option : List.of("--help", "-h")) {
      Run run = run(Vl3.commandLine(), (command + " " + option).split(" "));
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.out()).startsWith("Usage: vl3 " + command).contains("Exit codes:");
    }
  }

  /** An admin service of another machine answers what only looks. */
  @ParameterizedTest
  @ValueSource(strings = {"reload", "restart nse-1", "log-level info", "capture nse-1"})
  void whatChangesAProcess_orNeedsItsNamespaces_offersNoNode(String command) {
    assertThat(run(Vl3.commandLine(), (command + " --help").split(" ")).out())
        .contains("--socket")
        .doesNotContain("--node");
    Run run = run(Vl3.commandLine(), (command + " --node 127.0.0.1").split(" "));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--node");
  }

  @Test
  void expectedFailure_isOneLineAndTheNextStep() {
    Run run = failing(new CliException(ExitCode.DEGRADED, "mesh: 1 of 2 up", "Wait."));
    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.err()).isEqualTo("vl3: mesh: 1 of 2 up\nWait.\n");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void endpointFailure_hasTheExitCodeOfItsReason() {
    for (Reason reason : Reason.values()) {
      Run run = failing(new EndpointException(reason, "why"));
      assertThat(run.exitCode()).isEqualTo(ExitCode.of(reason).value());
      assertThat(run.err()).isEqualTo("vl3: why\n");
    }
    assertThat(ExitCode.of(Reason.NOT_FOUND).value()).isEqualTo(4);
    assertThat(ExitCode.of(Reason.UNAVAILABLE).value()).isEqualTo(3);
  }

  @Test
  void stackTrace_onlyWithDebug() {
    assertThat(failing(new IllegalStateException("bug")).err())
        .isEqualTo(
            """
            vl3: internal error: java.lang.IllegalStateException: bug
            Run it again with --debug for the details.
            """);
    assertThat(failing(new IllegalStateException("bug"), "--debug").err()).contains("\tat ");
  }

  @Test
  void schema_isPrinted() {
    assertThat(run(Vl3.commandLine(), "config", "schema").out()).startsWith("{").contains("ipam");
  }

  private static Run failing(Exception failure, String... options) {
    CommandLine line = Vl3.commandLine();
    line.addSubcommand("fail", new Failing(failure));
    String[] arguments = new String[options.length + 1];
    System.arraycopy(options, 0, arguments, 0, options.length);
    arguments[options.length] = "fail";
    return run(line, arguments);
  }

  private static Run run(CommandLine line, String... arguments) {
    return Run.of(line, arguments);
  }

  /** What a command line did. */
  record Run(int exitCode, String out, String err) {
    static Run of(CommandLine line, String... arguments) {
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      line.setOut(new PrintWriter(out, true));
      line.setErr(new PrintWriter(err, true));
      return new Run(line.execute(arguments), out.toString(), err.toString());
    }
  }
}
