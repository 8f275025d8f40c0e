package io.vl3.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vl3.cli.config.variables.Variables;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The system's knowledge of a process: how it was started, its configuration, its log. */
final class SystemParts {

  private static final int MOST_OF_LOG = 1 << 20;
  private static final int MOST_OF_CONFIG = 1 << 20;
  private static final Set<String> CONFIG_OPTIONS = Set.of("--config", "-file", "-f");

  private final Parts parts;
  private final Redactor redactor;

  SystemParts(Parts parts, Redactor redactor) {
    this.parts = parts;
    this.redactor = redactor;
  }

  /**
   * Looks at a process; nothing if the number is another program's, as of another container.
   *
   * @param directory where its files go
   * @return the configuration that it was started with, if it is known
   */
  Optional<JsonNode> process(int pid, String directory) {
    Path proc = Path.of("/proc", String.valueOf(pid));
    try {
      List<String> line = words(Files.readString(proc.resolve("cmdline"), StandardCharsets.UTF_8));
      if (line.stream().noneMatch(word -> word.contains("vl3"))) {
        parts.missing(
            directory + "/command-line.txt", "process %d is another program".formatted(pid));
        return Optional.empty();
      }
      environment(proc, directory);
      parts.text(directory + "/command-line.txt", String.join("\n", line) + "\n");
      parts.text(directory + "/limits.txt", Files.readString(proc.resolve("limits")));
      log(Files.readSymbolicLink(proc.resolve("fd/2")), proc.resolve("fd/2"), directory);
      return configOf(line, proc, directory);
    } catch (IOException | SecurityException unseen) {
      parts.missing(directory + "/command-line.txt", unseen.toString());
      return Optional.empty();
    }
  }

  /** A configuration's values without those that are secret. */
  Optional<JsonNode> config(Path file, String name) {
    try {
      if (Files.size(file) > MOST_OF_CONFIG) {
        parts.missing(name, "larger than %d bytes".formatted(MOST_OF_CONFIG));
        return Optional.empty();
      }
      JsonNode tree = new YAMLMapper().readTree(Files.readString(file));
      parts.tree(name, tree.deepCopy());
      return Optional.of(tree);
    } catch (NoSuchFileException none) {
      parts.missing(name, file + ": not there");
    } catch (IOException unreadable) {
      // Not the text of a file that is no YAML: nobody knows where its secrets end.
      parts.missing(name, file + ": not readable as YAML");
    }
    return Optional.empty();
  }

  /** The end of a file with log lines. */
  void log(Path file, Path opened, String directory) {
    if (!Files.isRegularFile(opened)) {
      parts.missing(directory + "/log.txt", "it goes to %s".formatted(file));
      return;
    }
    try (RandomAccessFile log = new RandomAccessFile(opened.toFile(), "r")) {
      long begin = Math.max(0, log.length() - MOST_OF_LOG);
      byte[] end = new byte[(int) Math.min(MOST_OF_LOG, log.length() - begin)];
      log.seek(begin);
      log.readFully(end);
      parts.text(
          directory + "/log.txt", wholeLines(new String(end, StandardCharsets.UTF_8), begin));
    } catch (IOException unreadable) {
      parts.missing(directory + "/log.txt", unreadable.toString());
    }
  }

  /** The half of a line may be the half of a secret. */
  private static String wholeLines(String text, long begin) {
    return begin == 0 ? text : text.substring(text.indexOf('\n') + 1);
  }

  /** Variables that are ours, with values; secret ones, whosever, are learnt. */
  private void environment(Path proc, String directory) throws IOException {
    Set<String> known = Variables.known();
    List<String> shown = new ArrayList<>();
    for (String variable :
        words(Files.readString(proc.resolve("environ"), StandardCharsets.UTF_8))) {
      int equals = variable.indexOf('=');
      String name = equals < 0 ? variable : variable.substring(0, equals);
      String value = equals < 0 ? "" : variable.substring(equals + 1);
      if (Redactor.isSecret(name)) {
        redactor.learn(value);
      }
      if (known.contains(name)) {
        shown.add(name + "=" + (Redactor.isSecret(name) ? Redactor.REMOVED : value));
      }
    }
    parts.text(directory + "/variables.txt", String.join("\n", shown) + "\n");
  }

  private Optional<JsonNode> configOf(List<String> line, Path proc, String directory)
      throws IOException {
    for (int i = 0; i + 1 < line.size(); i++) {
      if (CONFIG_OPTIONS.contains(line.get(i))) {
        Path started = Files.readSymbolicLink(proc.resolve("cwd")).resolve(line.get(i + 1));
        return config(Path.of(proc + "/root" + started), directory + "/config.json");
      }
    }
    return Optional.empty();
  }

  private static List<String> words(String text) {
    return List.of(text.split("\0", -1)).stream().filter(word -> !word.isEmpty()).toList();
  }
}
