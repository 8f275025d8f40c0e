package io.vl3.cli.config.file;

import io.vl3.cli.config.file.YamlNode.Items;
import io.vl3.cli.config.file.YamlNode.Mapping;
import io.vl3.cli.config.file.YamlNode.Scalar;
import io.vl3.cli.config.mistake.Located;
import io.vl3.cli.config.mistake.Mistakes;
import io.vl3.cli.config.mistake.Nearest;
import io.vl3.cli.config.mistake.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads the keys of one section, noting every mistake with its place. */
public final class Section {

  private final Mapping node;
  private final String path;
  private final String pattern;
  private final Mistakes mistakes;

  /**
   * What stands for an absent key; of a section that was not read nothing is known to be absent.
   */
  private final YamlNode absent;

  private final Map<String, YamlNode> values = new LinkedHashMap<>();

  private Section(
      Mapping node, YamlNode.Type absent, String path, String pattern, Mistakes mistakes) {
    this.node = node;
    this.absent = new Scalar(node.at(), "", absent);
    this.path = path;
    this.pattern = pattern;
    this.mistakes = mistakes;
  }

  /** The top level. A root that is no section is a mistake and reads as an empty one. */
  public static Section root(Optional<YamlNode> root, Mistakes mistakes) {
    YamlNode node = root.orElse(new Mapping(Position.START, List.of()));
    return of(node, "", "", mistakes);
  }

  private static Section of(YamlNode node, String path, String pattern, Mistakes mistakes) {
    boolean unread = node instanceof Scalar s && s.type() == YamlNode.Type.UNREAD;
    Section section =
        new Section(
            asMapping(node, path, mistakes),
            unread ? YamlNode.Type.UNREAD : YamlNode.Type.NOTHING,
            path,
            pattern,
            mistakes);
    section.index();
    return section;
  }

  private static Mapping asMapping(YamlNode node, String path, Mistakes mistakes) {
    if (node instanceof Mapping mapping) {
      return mapping;
    }
    if (!isNothing(node)) {
      mistakes.add(node.at(), path, node.shown(), "a section of keys");
    }
    return new Mapping(node.at(), List.of());
  }

  private void index() {
    List<String> known = ConfigKeys.in(pattern).stream().map(ConfigKey::name).toList();
    Map<String, Position> first = new HashMap<>();
    for (YamlNode.Entry entry : node.entries()) {
      Position before = first.putIfAbsent(entry.key(), entry.keyAt());
      if (before != null) {
        mistakes.add(entry.keyAt(), path(entry.key()), "twice", "one, as in line " + before.line());
      } else if (!known.contains(entry.key())) {
        unknown(entry, known);
      } else {
        values.put(entry.key(), entry.value());
      }
    }
  }

  private void unknown(YamlNode.Entry entry, List<String> known) {
    String meant =
        Nearest.of(entry.key(), known).map(word -> "; did you mean " + word + "?").orElse("");
    mistakes.add(
        entry.keyAt(),
        path(entry.key()),
        "unknown key",
        (known.size() == 1 ? "" : "one of ") + String.join(", ", known) + meant);
  }

  /** Where the section begins. */
  public Position at() {
    return node.at();
  }

  /** Its own path; empty at the top. */
  public String path() {
    return path;
  }

  /** The path of one of its keys. */
  public String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** Notes that a required key is missing. */
  public void missing(String key, String expected) {
    mistakes.add(node.at(), path(key), "missing", expected);
  }

  /** Notes what is wrong with a value as a whole. */
  public void refuse(String key, String found, String expected) {
    mistakes.add(value(key).at(), path(key), found, expected);
  }

  /** A text key, parsed; empty if absent, empty or wrong. */
  public <T> Optional<Located<T>> text(String key, Function<String, T> parser) {
    return scalar(key)
        .filter(s -> !s.text().isEmpty())
        .flatMap(s -> parsed(key, path(key), s, parser));
  }

  /** A text key as it is; empty if absent, empty or wrong. */
  public Optional<String> text(String key) {
    return text(key, Function.identity()).map(Located::value);
  }

  /** Whether the key has a value other than nothing. */
  public boolean has(String key) {
    return !(value(key) instanceof Scalar s && s.type() == YamlNode.Type.NOTHING);
  }

  /** Whether the key is absent, or its text empty; what is no text is neither. */
  public boolean isEmpty(String key) {
    return value(key) instanceof Scalar s && s.text().isEmpty() && s.type() != YamlNode.Type.UNREAD;
  }

  public Optional<Located<Integer>> integer(String key) {
    return scalar(key).flatMap(s -> integer(key, path(key), s));
  }

  public Optional<Boolean> bool(String key) {
    Optional<Scalar> scalar = scalar(key);
    scalar
        .filter(s -> s.type() != YamlNode.Type.BOOLEAN)
        .ifPresent(s -> mistakes.add(s.at(), path(key), shown(key, s), "true or false"));
    return scalar
        .filter(s -> s.type() == YamlNode.Type.BOOLEAN)
        .map(s -> s.text().equalsIgnoreCase("true"));
  }

  public Optional<Located<String>> choice(String key) {
    List<String> words = key(key).choices();
    return scalar(key).filter(s -> !s.text().isEmpty()).flatMap(s -> chosen(path(key), s, words));
  }

  private Optional<Located<String>> chosen(String where, Scalar s, List<String> words) {
    if (words.contains(s.text())) {
      return Optional.of(new Located<>(s.at(), where, s.text(), s.text()));
    }
    String meant =
        Nearest.of(s.text(), words).map(word -> "; did you mean " + word + "?").orElse("");
    mistakes.add(s.at(), where, s.shown(), "one of " + String.join(", ", words) + meant);
    return Optional.empty();
  }

  /** A list of texts, each parsed; where the key allows it, one text is a list of one. */
  public <T> List<Located<T>> list(String key, Function<String, T> parser) {
    boolean alone = key(key).kind() == ConfigKey.Kind.TEXT_OR_LIST;
    List<Located<T>> all = new ArrayList<>();
    elements(key, alone)
        .forEach(each -> parsed(key, each.where, each.value, parser).ifPresent(all::add));
    return List.copyOf(all);
  }

  /** One number, or a list of them. */
  public List<Located<Integer>> integers(String key) {
    List<Located<Integer>> all = new ArrayList<>();
    elements(key, true).forEach(each -> integer(key, each.where, each.value).ifPresent(all::add));
    return List.copyOf(all);
  }

  /** Free keys with texts; numbers and truth values are taken as written. */
  public Map<String, String> map(String key) {
    Map<String, String> all = new LinkedHashMap<>();
    YamlNode value = value(key);
    for (YamlNode.Entry entry : asMapping(value, path(key), mistakes).entries()) {
      String where = path(key) + "." + entry.key();
      if (entry.value() instanceof Scalar s) {
        if (all.putIfAbsent(entry.key(), s.text()) != null) {
          mistakes.add(entry.keyAt(), where, "twice", "each label once");
        }
      } else {
        mistakes.add(entry.value().at(), where, entry.value().shown(), "text");
      }
    }
    return all;
  }

  /** A section below; an absent one reads as empty. */
  public Section section(String key) {
    key(key);
    return of(value(key), path(key), patternOf(key), mistakes);
  }

  /** The sections of a list. */
  public List<Section> sections(String key) {
    YamlNode value = value(key);
    if (value instanceof Items items) {
      List<Section> all = new ArrayList<>();
      for (YamlNode item : items.items()) {
        String where = path(key) + "[" + all.size() + "]";
        all.add(of(item, where, patternOf(key) + "[]", mistakes));
      }
      return all;
    }
    if (!isNothing(value)) {
      mistakes.add(value.at(), path(key), shown(key, value), "a list, each item begun by a dash");
    }
    return List.of();
  }

  private YamlNode value(String key) {
    return values.getOrDefault(key, absent);
  }

  private Optional<Scalar> scalar(String key) {
    YamlNode value = value(key);
    if (value instanceof Scalar s) {
      return isNothing(s) ? Optional.empty() : Optional.of(s);
    }
    mistakes.add(value.at(), path(key), shown(key, value), expectation(key));
    return Optional.empty();
  }

  private List<Element> elements(String key, boolean alone) {
    List<Element> all = new ArrayList<>();
    YamlNode value = value(key);
    if (value instanceof Items items) {
      int index = 0;
      for (YamlNode item : items.items()) {
        element(key, path(key) + "[" + index++ + "]", item).ifPresent(all::add);
      }
    } else if (alone && value instanceof Scalar s) {
      pieces(s).forEach(piece -> all.add(new Element(path(key), piece)));
    } else if (!isNothing(value)) {
      mistakes.add(value.at(), path(key), shown(key, value), expectation(key));
    }
    return all;
  }

  private Optional<Element> element(String key, String where, YamlNode item) {
    if (item instanceof Scalar s) {
      return s.type() == YamlNode.Type.UNREAD
          ? Optional.empty()
          : Optional.of(new Element(where, s));
    }
    mistakes.add(item.at(), where, shown(key, item), "a single value");
    return Optional.empty();
  }

  /** The parts of a text between commas, as an option of a chart has to write lists. */
  private static List<Scalar> pieces(Scalar s) {
    if (isNothing(s)) {
      return List.of();
    }
    return Arrays.stream(s.text().split(",", -1))
        .map(String::strip)
        .filter(piece -> !piece.isEmpty())
        .map(piece -> new Scalar(s.at(), piece, s.type()))
        .toList();
  }

  private record Element(String where, Scalar value) {}

  private <T> Optional<Located<T>> parsed(
      String key, String where, Scalar s, Function<String, T> parser) {
    if (s.type() == YamlNode.Type.BOOLEAN || s.type() == YamlNode.Type.NOTHING) {
      mistakes.add(s.at(), where, shown(key, s), "text; quotes make it one");
      return Optional.empty();
    }
    try {
      return Optional.of(new Located<>(s.at(), where, parser.apply(s.text()), shown(key, s)));
    } catch (IllegalArgumentException e) {
      mistakes.add(s.at(), where, shown(key, s), Mistakes.expectation(e));
      return Optional.empty();
    }
  }

  private Optional<Located<Integer>> integer(String key, String where, Scalar s) {
    ConfigKey about = key(key);
    try {
      int number = Integer.parseInt(s.text());
      if (s.type() == YamlNode.Type.INTEGER
          && number >= about.minimum()
          && number <= about.maximum()) {
        return Optional.of(new Located<>(s.at(), where, number, s.text()));
      }
    } catch (NumberFormatException e) {
      // Told below, like every other value that is no number.
    }
    String range =
        about.maximum() == Integer.MAX_VALUE
            ? "a whole number from " + about.minimum()
            : "a whole number, %d..%d".formatted(about.minimum(), about.maximum());
    mistakes.add(s.at(), where, s.shown(), range);
    return Optional.empty();
  }

  private String expectation(String key) {
    return switch (key(key).kind()) {
      case INTEGER -> "a whole number";
      case RATIO -> "a number, 0..1";
      case BOOLEAN -> "true or false";
      case CHOICE -> "one of " + String.join(", ", key(key).choices());
      case LIST -> "a list of texts, as in [a, b]";
      case TEXT_OR_LIST -> "a text or a list of texts";
      case INTEGER_OR_LIST -> "a number or a list of numbers";
      case TEXT, SECRET, SECTION, SECTIONS, MAP -> "text";
    };
  }

  private String shown(String key, YamlNode value) {
    return key(key).kind() == ConfigKey.Kind.SECRET ? "(secret)" : value.shown();
  }

  private ConfigKey key(String key) {
    return ConfigKeys.at(patternOf(key));
  }

  private String patternOf(String key) {
    return pattern.isEmpty() ? key : pattern + "." + key;
  }

  /** Nothing to read, and nothing more to note. */
  private static boolean isNothing(YamlNode node) {
    return node instanceof Scalar s
        && (s.type() == YamlNode.Type.NOTHING || s.type() == YamlNode.Type.UNREAD);
  }
}
