package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.Vl3;
import io.vl3.cli.diagnose.model.Fault;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine;

/**
 * What {@code vl3 diagnose} says.
 *
 * @param code the exit code
 * @param out its output
 */
record Diagnosed(int code, String out) {

  private static final String WELL = "nothing is wrong";

  /** Runs it for a run directory. */
  static Diagnosed of(Path runDirectory, String... more) {
    List<String> line = new ArrayList<>(List.of("diagnose", "--run-dir", runDirectory.toString()));
    line.addAll(List.of(more));
    StringWriter out = new StringWriter();
    CommandLine command = Vl3.commandLine();
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(out));
    return new Diagnosed(command.execute(line.toArray(String[]::new)), out.toString());
  }

  /** The output in one line, as it was before it was wrapped. */
  String words() {
    return out.replaceAll("\\s+", " ");
  }

  /** Runs it until its first line names the fault; the exit code is that of an error. */
  static Diagnosed await(Path runDirectory, Fault fault, String where) throws Exception {
    Diagnosed diagnosed = awaitFirst(runDirectory, fault.words() + ": " + where);
    assertThat(diagnosed.out()).contains("Tried: ", "Came out: ", "Do: ");
    assertThat(diagnosed.out().lines().skip(1).filter(line -> !line.contains("/")))
        .allMatch(line -> line.length() <= 80);
    return diagnosed;
  }

  /** Runs it until it finds nothing, and says so in its first line. */
  static Diagnosed awaitWell(Path runDirectory) throws Exception {
    Diagnosed diagnosed = awaitFirst(runDirectory, WELL);
    assertThat(diagnosed.code()).isZero();
    for (Fault fault : Fault.values()) {
      assertThat(diagnosed.out()).doesNotContain(fault.words() + ": ");
    }
    return diagnosed;
  }

  private static Diagnosed awaitFirst(Path runDirectory, String begin) throws Exception {
    AtomicReference<Diagnosed> last = new AtomicReference<>(of(runDirectory));
    Wait.until(
        () -> "first line `%s`:%n%s".formatted(begin, last.get().out()),
        () -> {
          if (last.get().out().startsWith(begin)) {
            return true;
          }
          last.set(of(runDirectory));
          return last.get().out().startsWith(begin);
        });
    return last.get();
  }
}
