package io.vl3.cli.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a scrape answered, as families: name, type, help, and the names of labels. */
public final class Exposition {

  private static final Pattern LINE = Pattern.compile("([a-z0-9_]+)(?:\\{(.*)\\})? \\S+");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"(?:[^\"\\\\]|\\\\.)*\"");

  private final Map<String, String> types = new LinkedHashMap<>();
  private final Map<String, String> helps = new LinkedHashMap<>();
  private final Map<String, TreeSet<String>> labels = new LinkedHashMap<>();

  private Exposition() {}

  /** Reads the text format of Prometheus; vl3's own families only. */
  public static Exposition of(String text) {
    Exposition all = new Exposition();
    text.lines().forEach(all::line);
    return all;
  }

  /** Name, type, sorted labels and help of each, in a line. */
  public List<String> families() {
    List<String> all = new ArrayList<>();
    types.forEach(
        (name, type) ->
            all.add(line(name, type, labels.getOrDefault(name, new TreeSet<>()), helps.get(name))));
    return all;
  }

  static String line(Family family) {
    return line(family.name(), family.type(), new TreeSet<>(family.labels()), family.help());
  }

  private static String line(String name, String type, Set<String> labels, String help) {
    return "%s %s %s %s".formatted(name, type, labels, help);
  }

  private void line(String line) {
    String[] words = line.split(" ", 4);
    if (line.startsWith("# TYPE vl3_")) {
      types.put(words[2], words[3]);
    } else if (line.startsWith("# HELP vl3_")) {
      helps.put(words[2], words[3]);
    } else if (line.startsWith("vl3_")) {
      sample(line);
    }
  }

  private void sample(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new AssertionError("sample: " + line);
    }
    String name = family(parts.group(1));
    TreeSet<String> names = labels.computeIfAbsent(name, none -> new TreeSet<>());
    if (parts.group(2) != null) {
      Matcher label = LABEL.matcher(parts.group(2));
      while (label.find()) {
        names.add(label.group(1));
      }
    }
    names.remove("le");
  }

  private String family(String sample) {
    String base = sample.replaceFirst("_(bucket|sum|count)$", "");
    return "histogram".equals(types.get(base)) ? base : sample;
  }
}
