package io.vl3.cli.render;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;

/**
 * The journals of a directory.
 *
 * @param directory where they are
 * @param entries one per NSE, in the order of their names
 */
public record JournalList(Path directory, List<Entry> entries) {

  /** The version of the record; it changes when a field goes or changes its meaning. */
  static final int VERSION = 1;

  /** Sorts a copy. */
  public JournalList {
    entries = entries.stream().sorted(Comparator.comparing(Entry::name)).toList();
  }

  /**
   * One journal.
   *
   * @param name of the NSE
   * @param bytes how long the file is
   * @param changed when something was written to it last
   * @param runs whether its NSE runs on this machine
   */
  public record Entry(String name, long bytes, Instant changed, boolean runs) {}

  /** As a table for people. */
  public String text() {
    if (entries.isEmpty()) {
      return "no journals in %s\n".formatted(directory);
    }
    TextTable table = new TextTable().row(List.of("NSE", "BYTES", "LAST CHANGE", "RUNS"));
    for (Entry entry : entries) {
      table.row(
          List.of(
              entry.name(),
              String.valueOf(entry.bytes()),
              entry.changed().truncatedTo(ChronoUnit.SECONDS).toString(),
              entry.runs() ? "yes" : "no"));
    }
    return "journals in %s\n".formatted(directory) + table.indented("  ");
  }

  /** As JSON; docs/configuration.md documents the record. */
  public String json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", VERSION);
    root.put("directory", directory.toString());
    ArrayNode journals = root.putArray("journals");
    for (Entry entry : entries) {
      journals
          .addObject()
          .put("name", entry.name())
          .put("bytes", entry.bytes())
          .put("changed", entry.changed().truncatedTo(ChronoUnit.SECONDS).toString())
          .put("runs", entry.runs());
    }
    return root.toPrettyString() + "\n";
  }
}
