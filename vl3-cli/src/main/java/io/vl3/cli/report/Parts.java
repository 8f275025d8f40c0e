package io.vl3.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of a report, and what could not be had. They are kept as they come, and lose their
 * secrets when they are written: what was found to be a secret in the last goes from the first too.
 * Bounded in bytes; what comes after {@link #end} is not taken. Thread-safe.
 */
final class Parts {

  /** Of one file. */
  static final int MOST_OF_ONE = 4 << 20;

  private static final int MOST_OF_ALL = 48 << 20;
  private static final int LONGEST_NAME = 100;

  private final Redactor redactor;
  private final Map<String, String> texts = new TreeMap<>();
  private final Map<String, JsonNode> trees = new TreeMap<>();
  private final Map<String, String> missing = new LinkedHashMap<>();
  private long characters;
  private boolean ended;

  Parts(Redactor redactor) {
    this.redactor = redactor;
  }

  /** A file with text; of a long one the end is kept. */
  synchronized void text(String name, String text) {
    String kept =
        text.length() <= MOST_OF_ONE ? text : "...\n" + text.substring(text.length() - MOST_OF_ONE);
    if (hasRoom(name, kept.length())) {
      texts.put(unique(name), kept);
    }
  }

  /** A file with a tree, as JSON or lines of it. */
  synchronized void tree(String name, JsonNode tree) {
    String text = tree.toString();
    if (text.length() > MOST_OF_ONE) {
      missing.put(name, "larger than %d bytes".formatted(MOST_OF_ONE));
    } else if (hasRoom(name, text.length())) {
      trees.put(unique(name), tree);
    }
  }

  /** Something that could not be had, and why. */
  synchronized void missing(String name, String why) {
    if (!ended) {
      missing.put(name, why);
    }
  }

  /** Nothing is taken any more. */
  synchronized void end() {
    ended = true;
  }

  /** Writes everything; nothing leaves with a secret that is known by now. */
  synchronized void writeTo(TarGz archive, String directory) throws IOException {
    ended = true;
    // Trees first: they say by their names what is secret.
    trees.replaceAll((name, tree) -> redactor.redact(tree));
    trees.put("missing.json", redactor.redact(missingTree()));
    for (Map.Entry<String, JsonNode> file : trees.entrySet()) {
      String json = redactor.withoutKnown(file.getValue().toPrettyString() + "\n");
      archive.add(path(directory, file.getKey()), json.getBytes(StandardCharsets.UTF_8));
    }
    for (Map.Entry<String, String> file : texts.entrySet()) {
      String text = redactor.redact(file.getValue());
      archive.add(path(directory, file.getKey()), text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private String path(String directory, String name) {
    return directory + "/" + redactor.withoutKnown(name);
  }

  /** The parts that could not be had, each in a line. */
  synchronized List<String> missing() {
    List<String> lines = new ArrayList<>();
    missing.forEach((name, why) -> lines.add(redactor.redact(name + ": " + why)));
    return lines;
  }

  private JsonNode missingTree() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    missing.forEach((name, why) -> all.addObject().put("name", name).put("why", why));
    return new ObjectMapper().createObjectNode().put("version", 1).set("missing", all);
  }

  private boolean hasRoom(String name, int length) {
    if (ended) {
      return false;
    }
    if (characters + length > MOST_OF_ALL) {
      missing.put(name, "the report is large enough without it");
      return false;
    }
    characters += length;
    return true;
  }

  /** A name for a file of the archive: of plain characters, short, and not taken. */
  private String unique(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9_./-]", "_").replace("..", "__");
    String kept = plain.substring(Math.max(0, plain.length() - (LONGEST_NAME - 40)));
    String free = kept;
    for (int i = 2; texts.containsKey(free) || trees.containsKey(free); i++) {
      free = i + "-" + kept;
    }
    return free;
  }
}
