package io.vl3.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of text: what has the form of one (tokens, keys, passwords in URLs), what
 * stands behind a name of one, and values that were found to be secret elsewhere. Rather too much
 * than too little. Thread-safe.
 */
final class Redactor {

  /** The text in a secret's place. */
  static final String REMOVED = "[removed]";

  /** Shorter values occur by chance in everything. */
  private static final int LEAST_KNOWN = 4;

  private static final String WORDS =
      "(?:pass(?:word|wd|phrase|code)|pwd|secret|token|credential|api[_-]?key|private[_-]?key"
          + "|access[_-]?key|authorization|cookie|jwt|bearer)";

  private static final Pattern SECRET_NAME = Pattern.compile("(?i)" + WORDS);

  /** How long tokens live, and where keys lie, is no secret. */
  private static final Pattern PLAIN_NAME =
      Pattern.compile("(?i).*(?:lifetime|timeout|file|files|path|dir|directory|seconds|count)");

  /** A key's block to its end, or, cut off, to the end of the text. */
  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN [A-Z0-9 ]{0,40}KEY[A-Z0-9 ]{0,20}-----[\\s\\S]*?"
              + "(?:-----END [A-Z0-9 ]{0,40}KEY[A-Z0-9 ]{0,20}-----|\\z)");

  private static final Pattern JWT =
      Pattern.compile("eyJ[A-Za-z0-9_-]{5,}(?:\\.[A-Za-z0-9_-]*){0,4}");

  private static final Pattern BEARER =
      Pattern.compile("(?i)\\b(bearer|basic|digest)(\\s+)[A-Za-z0-9+/=_.~-]{6,}");

  /** Greedy: a password may hold what should have been written otherwise. */
  private static final Pattern IN_URL = Pattern.compile("(://[^\\s/:@\"'<>]*:)[^\\s\"'<>]+@");

  /** The end of a name, and what separates it from its value. */
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)(" + WORDS + "[A-Za-z0-9_.-]{0,80})(\\\\{0,8}[\"']?\\s{0,8}(?:=>|:=|[:=])\\s{0,8})");

  /** As {@code --password VALUE}. */
  private static final Pattern OPTION =
      Pattern.compile(
          "(?i)(--?[a-z0-9-]{0,40}"
              + WORDS
              + "[a-z0-9-]{0,40})([ \\x00\\n]+)([^\\s\\x00-][^\\s\\x00]*)");

  /** Text that looks random: 40 characters of base64. */
  private static final Pattern RANDOM =
      Pattern.compile("(?<![A-Za-z0-9+/=_.-])[A-Za-z0-9+_/-]{40,}={0,2}(?![A-Za-z0-9+/=_.-])");

  private final Set<String> known =
      new ConcurrentSkipListSet<>(
          Comparator.comparingInt(String::length).reversed().thenComparing(String::toString));

  /** Whether a value with this name is a secret. */
  static boolean isSecret(String name) {
    return SECRET_NAME.matcher(name).find() && !PLAIN_NAME.matcher(name).matches();
  }

  /** From now on the value is taken out wherever it stands. */
  void learn(String value) {
    String stripped = value.strip();
    if (stripped.length() >= LEAST_KNOWN) {
      known.add(stripped);
      // As it stands in JSON.
      String escaped = TextNode.valueOf(stripped).toString();
      known.add(escaped.substring(1, escaped.length() - 1));
      stripped.lines().map(String::strip).filter(line -> line.length() >= 8).forEach(known::add);
    }
  }

  /** The text without values that were found to be secret. */
  String withoutKnown(String text) {
    String clean = text;
    for (String value : known) {
      clean = clean.replace(value, REMOVED);
    }
    return clean;
  }

  /** The text without secrets. */
  String redact(String text) {
    String clean = withoutKnown(text);
    clean = PEM.matcher(clean).replaceAll(REMOVED);
    clean = JWT.matcher(clean).replaceAll(REMOVED);
    clean = BEARER.matcher(clean).replaceAll("$1$2" + REMOVED);
    clean = IN_URL.matcher(clean).replaceAll("$1" + REMOVED + "@");
    clean = named(clean);
    clean = OPTION.matcher(clean).replaceAll("$1$2" + REMOVED);
    return RANDOM
        .matcher(clean)
        .replaceAll(
            found ->
                looksRandom(found.group()) ? REMOVED : Matcher.quoteReplacement(found.group()));
  }

  /** A tree without secrets: whatever stands below the name of one is learnt and taken out. */
  JsonNode redact(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        if (isSecret(field.getKey())) {
          learnAll(field.getValue());
          field.setValue(TextNode.valueOf(REMOVED));
        } else {
          field.setValue(redact(field.getValue()));
        }
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, redact(array.get(i)));
      }
    } else if (node.isTextual()) {
      return TextNode.valueOf(redact(node.asText()));
    }
    return node;
  }

  private void learnAll(JsonNode node) {
    if (node.isContainerNode()) {
      node.forEach(this::learnAll);
    } else if (!node.isBoolean() && !node.isNull()) {
      learn(node.asText());
    }
  }

  private static String named(String text) {
    StringBuilder clean = new StringBuilder();
    Matcher name = NAMED.matcher(text);
    int at = 0;
    while (at < text.length() && name.find(at)) {
      int value = name.end();
      clean.append(text, at, value);
      at = value;
      if (!PLAIN_NAME.matcher(name.group(1)).matches()) {
        int end = valueEnd(text, value);
        if (end > value) {
          clean.append(REMOVED);
        }
        at = end;
      }
    }
    return clean.append(text, at, text.length()).toString();
  }

  /** A quoted value to its quote; an unquoted one to the end of the line: it may have blanks. */
  private static int valueEnd(String text, int begin) {
    int at = begin;
    while (at < text.length() && text.charAt(at) == '\\') {
      at++;
    }
    char first = at < text.length() ? text.charAt(at) : '\n';
    if (first == '"' || first == '\'') {
      int backslashes = at - begin;
      for (int end = at + 1; end < text.length() && text.charAt(end) != '\n'; end++) {
        if (text.charAt(end) == first && escapes(text, end) <= backslashes) {
          return end + 1;
        }
      }
    }
    int end = text.indexOf('\n', begin);
    return end < 0 ? text.length() : end;
  }

  private static int escapes(String text, int at) {
    int count = 0;
    while (text.charAt(at - 1 - count) == '\\') {
      count++;
    }
    return count;
  }

  private static boolean looksRandom(String text) {
    boolean mixed =
        text.chars().anyMatch(Character::isUpperCase)
            && text.chars().anyMatch(Character::isLowerCase)
            && text.chars().anyMatch(Character::isDigit);
    long slashes = text.chars().filter(c -> c == '/').count();
    return mixed && slashes * 16 < text.length();
  }
}
