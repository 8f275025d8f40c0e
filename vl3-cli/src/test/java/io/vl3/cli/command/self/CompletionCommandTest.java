package io.vl3.cli.command.self;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.Vl3;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CompletionCommandTest {

  @TempDir Path dir;

  /** Asked as bash asks. */
  @ParameterizedTest
  @CsvSource({
    "vl3 i, ipam-plan",
    "vl3 vpp s, show",
    "vl3 run --pref, --prefix-index",
    "vl3 ipam-plan --output '', json",
    "vl3 completion '', fish"
  })
  void bash_completesCommandsOptionsAndValues(String line, String expected) throws Exception {
    Path script = Files.writeString(dir.resolve("vl3.bash"), completion("bash"));
    String words = line.replace("''", "\"\"");
    String asked =
        """
        source %s
        COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE="%s"
        function_name=$(complete -p vl3 | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        $function_name
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(script, words, line.replace("''", ""));
    assertThat(bash(asked).lines().map(String::strip)).contains(expected);
  }

  @Test
  void zsh_isToldToPlayBash() {
    assertThat(completion("zsh")).contains("bashcompinit").contains("ZSH_VERSION");
  }

  @Test
  void fish_hasALineForEveryCommandAndOption() {
    assertThat(completion("fish").lines())
        .contains(
            "complete -c vl3 -n '__vl3_at ' -a 'ipam-plan' -d 'Plan addresses: which prefix each NSE"
                + " gets, how many workloads fit, what is lost.'",
            "complete -c vl3 -n '__vl3_at vpp' -a 'show' -d 'Show what the agent was told beside what"
                + " runs; differences are marked with !.'",
            "complete -c vl3 -n '__vl3_at completion' -a 'bash zsh fish' -d 'bash, zsh or fish.'",
            "complete -c vl3 -n '__vl3_at ' -a 'help' -d 'Display help information about the specified"
                + " command.'",
            "complete -c vl3 -n '__vl3_at vpp show' -l 'all' -d 'Show what is not ours, too.'")
        .anyMatch(
            line ->
                line.startsWith("complete -c vl3 -n '__vl3_at run' ")
                    && line.contains("-l 'config'")
                    && line.contains("-s 'f'")
                    && line.contains("-o 'file'")
                    && line.contains(" -r -F "))
        .anyMatch(
            line ->
                line.startsWith("complete -c vl3 -n '__vl3_at ipam-plan' -l 'output' -x -a")
                    && line.contains("'table json yaml'"))
        .noneMatch(line -> line.contains("rehearse"));
  }

  private static String completion(String shell) {
    StringWriter out = new StringWriter();
    CommandLine line = Vl3.commandLine();
    line.setOut(new PrintWriter(out));
    assertThat(line.execute("completion", shell)).isZero();
    return out.toString();
  }

  private static String bash(String script) throws IOException, InterruptedException {
    Process bash =
        new ProcessBuilder(List.of("bash", "--norc", "-c", script))
            .redirectErrorStream(true)
            .start();
    bash.getOutputStream().close();
    String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return out;
  }
}
