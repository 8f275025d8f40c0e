package io.vl3.cli.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code kubectl} and a {@code helm} that write down how they are called and what they read, and
 * answer as they are told: well and without a word unless something else was said.
 */
final class FakeCluster {

  static final Path SCRIPTS = Path.of("../examples/scripts").toAbsolutePath().normalize();

  /** The first line whose pattern fits decides; the number of times that it may is in it. */
  private static final String FAKE =
      """
      #!/bin/bash
      call="%1$s $*"
      input=
      case " $* " in *' -f - '* | *' exec -i '*) input=$(cat) ;; esac
      { printf '%%s\\n' "$call"; [ -z "$input" ] || sed 's/^/  < /' <<<"$input"; } >>'%2$s/calls'
      number=0
      while IFS=$'\\t' read -r pattern times code output; do
        number=$((number + 1))
        # shellcheck disable=SC2053
        [[ "$call $input" == $pattern ]] || continue
        printf x >>"%2$s/used-$number"
        [ "$(wc -c <"%2$s/used-$number")" -le "$times" ] || continue
        printf "$output"
        exit "$code"
      done <'%2$s/answers'
      """;

  private final Path directory;
  private final Map<String, String> variables = new HashMap<>();

  FakeCluster(Path directory) throws IOException {
    this.directory = directory;
    Path tools = Files.createDirectories(directory.resolve("tools"));
    for (String tool : List.of("kubectl", "helm")) {
      Path file = Files.writeString(tools.resolve(tool), FAKE.formatted(tool, directory));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.createFile(directory.resolve("answers"));
    variables.put("PATH", tools + ":/usr/bin:/bin");
    variables.put("POLL", "0.05");
  }

  /** A real program instead of the fake of its name. */
  FakeCluster withReal(Path program) throws IOException {
    Path link = directory.resolve("tools").resolve(program.getFileName());
    Files.delete(link);
    Files.createSymbolicLink(link, program);
    return this;
  }

  FakeCluster with(String variable, String value) {
    variables.put(variable, value);
    return this;
  }

  /**
   * Says how a call is answered.
   *
   * @param pattern of the shell, for the command line and what is read
   * @param output as {@code printf} prints it
   */
  FakeCluster answers(String pattern, int exitCode, String output) throws IOException {
    return answersAtFirst(pattern, Integer.MAX_VALUE, exitCode, output);
  }

  /** The same for so many calls; later ones are answered by what is said next. */
  FakeCluster answersAtFirst(String pattern, int times, int exitCode, String output)
      throws IOException {
    Files.writeString(
        directory.resolve("answers"),
        "%s\t%d\t%d\t%s%n".formatted(pattern, times, exitCode, output),
        StandardOpenOption.APPEND);
    return this;
  }

  /** The options of two clusters, one and two, and more. */
  static String[] both(String... options) {
    List<String> all =
        new ArrayList<>(List.of("--kconf_clus1=one", "--kconf_clus2=two", "--nowait"));
    all.addAll(List.of(options));
    return all.toArray(String[]::new);
  }

  /** Runs a script to its end. */
  Program run(String script, String... options) {
    List<String> line = new ArrayList<>(List.of("/bin/bash", SCRIPTS.resolve(script).toString()));
    line.addAll(List.of(options));
    return Program.runAlone(variables, line);
  }

  /** How kubectl and helm were called, and what they read behind {@code <}. */
  List<String> calls() throws IOException {
    Path calls = directory.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  /** Only the calls that change something. */
  List<String> changes() throws IOException {
    return calls().stream()
        .filter(call -> call.matches("kubectl .* (apply|create|delete|label) .*"))
        .toList();
  }
}
