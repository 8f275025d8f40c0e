package io.vl3.cli.config.mistake;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Collects everything that is wrong, so that all of it is reported at once; and what is not wrong,
 * but has another effect than it seems to have.
 */
public final class Mistakes {

  private static final Pattern EXPECTED = Pattern.compile("\\(expected: (.*)\\)[^)]*$");

  private final List<Mistake> found = new ArrayList<>();
  private final Set<String> notices = new LinkedHashSet<>();

  public void add(Mistake mistake) {
    found.add(mistake);
  }

  public void add(Position at, String path, String value, String expected) {
    found.add(new Mistake(Optional.of(at), path, value, expected));
  }

  /** A mistake outside the file: in a variable or an option. */
  public void addElsewhere(String subject, String value, String expected) {
    found.add(new Mistake(Optional.empty(), subject, value, expected));
  }

  /** The allowed values, as a refused value's exception states them. */
  public static String expectation(IllegalArgumentException refusal) {
    String message = String.valueOf(refusal.getMessage());
    Matcher matcher = EXPECTED.matcher(message);
    return matcher.find() ? matcher.group(1) : message;
  }

  /** Notes a sentence for people about something that is allowed. */
  public void note(String notice) {
    notices.add(notice);
  }

  public List<String> notices() {
    return List.copyOf(notices);
  }

  public List<Mistake> inOrder() {
    return found.stream().sorted(Mistake.IN_FILE_ORDER).distinct().toList();
  }
}
