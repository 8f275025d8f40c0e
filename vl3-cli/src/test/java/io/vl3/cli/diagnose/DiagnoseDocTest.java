package io.vl3.cli.diagnose;

import io.vl3.cli.Golden;
import io.vl3.cli.diagnose.model.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/diagnose.md lists what there is. */
class DiagnoseDocTest {

  private static final Path PAGE = Path.of("../docs/diagnose.md");
  private static final String BY = ": written by DiagnoseDocTest with -Dvl3.golden=write -->\n";

  @Test
  void everyCheck_isListedWithWhatItTries() throws IOException {
    String rows =
        Checks.all().stream()
            .map(check -> "| %s | %s |%n".formatted(check.name(), check.tries()))
            .collect(Collectors.joining());
    check("checks", "| check | tries to |\n|---|---|\n" + rows);
  }

  @Test
  void everyFault_isListedWithWhatToDo() throws IOException {
    String rows =
        Stream.of(Fault.values())
            .map(
                fault ->
                    "| `%s` | %s | %s |%n".formatted(fault.code(), fault.words(), fault.remedy()))
            .collect(Collectors.joining());
    check("faults", "| code | the line begins | what to do |\n|---|---|---|\n" + rows);
  }

  private static void check(String name, String table) throws IOException {
    String begin = "<!-- " + name + BY;
    String end = "<!-- end of %s -->".formatted(name);
    String text = Files.readString(PAGE);
    String head = text.substring(0, text.indexOf(begin) + begin.length());
    Golden.check(PAGE, head + table + text.substring(text.indexOf(end)));
  }
}
