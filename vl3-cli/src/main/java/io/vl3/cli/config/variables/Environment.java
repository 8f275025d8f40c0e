package io.vl3.cli.config.variables;

import io.vl3.cli.config.mistake.Mistakes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Reads environment variables and options, noting mistakes. An empty variable is an absent one. */
public final class Environment {

  private final Map<String, String> variables;
  private final Mistakes mistakes;

  public Environment(Map<String, String> variables, Mistakes mistakes) {
    this.variables = Map.copyOf(variables);
    this.mistakes = mistakes;
  }

  public Optional<String> raw(String variable) {
    return Optional.ofNullable(variables.get(variable))
        .map(String::strip)
        .filter(s -> !s.isEmpty());
  }

  public <T> Optional<T> text(String variable, Function<String, T> parser) {
    return raw(variable).flatMap(text -> parsed(variable, text, parser));
  }

  /** An option beats a variable. */
  public <T> Optional<T> option(String option, Optional<String> given, Function<String, T> parser) {
    return given.flatMap(text -> parsed(option, text, parser));
  }

  public OptionalInt integer(String variable, int least, int greatest) {
    Optional<Integer> number = text(variable, text -> number(text, least, greatest));
    return number.map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  public static int number(String text, int least, int greatest) {
    if (text.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= greatest) {
        return number;
      }
    }
    throw new IllegalArgumentException(
        "%s (expected: a whole number, %d..%d)".formatted(text, least, greatest));
  }

  /** Texts separated by commas. */
  public <T> List<T> list(String variable, Function<String, T> parser) {
    List<T> all = new ArrayList<>();
    for (String item : raw(variable).orElse("").split(",", -1)) {
      if (!item.isBlank()) {
        parsed(variable, item.strip(), parser).ifPresent(all::add);
      }
    }
    return List.copyOf(all);
  }

  /** {@code key:value} or {@code key=value}, separated by commas. */
  public Map<String, String> map(String variable) {
    Map<String, String> all = new LinkedHashMap<>();
    for (String item : list(variable, Environment::pair)) {
      String[] parts = item.split("[:=]", 2);
      all.put(parts[0].strip(), parts[1].strip());
    }
    return all;
  }

  public Optional<Boolean> bool(String variable) {
    return text(variable, Environment::truth);
  }

  /** Notes which variables have no effect. */
  public void noteWithoutEffect() {
    Variables.notices(variables).forEach(mistakes::note);
  }

  public void refuse(String variable, String value, String expected) {
    mistakes.addElsewhere(variable, value, expected);
  }

  private static boolean truth(String text) {
    return switch (text) {
      case "true", "TRUE", "True", "1", "t", "T" -> true;
      case "false", "FALSE", "False", "0", "f", "F" -> false;
      default -> throw new IllegalArgumentException(text + " (expected: true or false)");
    };
  }

  private static String pair(String text) {
    if (!text.matches("[^:=]+[:=].*")) {
      throw new IllegalArgumentException(text + " (expected: key:value or key=value)");
    }
    return text;
  }

  private <T> Optional<T> parsed(String subject, String text, Function<String, T> parser) {
    try {
      return Optional.of(parser.apply(text));
    } catch (IllegalArgumentException e) {
      mistakes.addElsewhere(subject, text, Mistakes.expectation(e));
      return Optional.empty();
    }
  }
}
