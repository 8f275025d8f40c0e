package io.vl3.cli.config.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vl3.cli.config.mistake.Mistake;
import io.vl3.cli.config.mistake.Position;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/** Words what makes a text no YAML: what was begun and not ended, at the place where it begins. */
final class NoYaml {

  private NoYaml() {}

  /** The mistake that a parser stumbled over. */
  static Mistake of(String text, JsonProcessingException failure) {
    Throwable cause = failure.getCause();
    if (cause instanceof MarkedYAMLException marked) {
      return of(marked);
    }
    if (cause instanceof ReaderException unreadable) {
      String character = "U+%04X".formatted(unreadable.getCodePoint());
      return at(position(text, unreadable.getPosition()), character, "no control characters");
    }
    return at(
        YamlReader.position(failure.getLocation()),
        "no YAML",
        "YAML; " + failure.getOriginalMessage().lines().findFirst().orElse("unreadable"));
  }

  private static Mistake of(MarkedYAMLException marked) {
    String context = text(marked.getContext());
    String problem = text(marked.getProblem());
    Position stumbled = position(marked.getProblemMark(), Position.START);
    Position begun = position(marked.getContextMark(), stumbled);
    Optional<String> unclosed = unclosed(context, problem);
    if (unclosed.isPresent()) {
      return at(begun, unclosed.get(), "its end before " + stumbled);
    }
    if (problem.contains("(TAB)")) {
      return at(stumbled, "a tab", "spaces: YAML takes no tabs for indentation");
    }
    return at(
        stumbled,
        "no YAML",
        Stream.of("YAML", context, problem)
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining("; ")));
  }

  /** Describes a bracket, brace or quote that is not closed. */
  private static Optional<String> unclosed(String context, String problem) {
    if (context.contains("flow sequence")) {
      return Optional.of("[ without ]");
    }
    if (context.contains("flow mapping")) {
      return Optional.of("{ without }");
    }
    return context.contains("quoted scalar") && problem.contains("end of stream")
        ? Optional.of("a quote without its second")
        : Optional.empty();
  }

  private static Mistake at(Position place, String value, String expected) {
    return new Mistake(Optional.of(place), "", value, expected);
  }

  private static Position position(@Nullable Mark mark, Position otherwise) {
    return mark == null ? otherwise : new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** Of the character with the index, counted in code points. */
  private static Position position(String text, int index) {
    int end = text.offsetByCodePoints(0, Math.min(index, text.codePointCount(0, text.length())));
    String before = text.substring(0, end);
    int line = (int) before.chars().filter(c -> c == '\n').count();
    return new Position(line + 1, end - before.lastIndexOf('\n'));
  }

  private static String text(@Nullable String message) {
    return message == null ? "" : message.strip();
  }
}
