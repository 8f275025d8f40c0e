package io.vl3.cli.render;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vl3.vpp.VppApiReport;
import io.vl3.vpp.VppApiReport.Use;
import java.nio.file.Path;
import java.util.Locale;

/** The API of a VPP, as JSON; docs/vpp.md documents the record. */
public final class VppApiTree {

  /** The version of the record; it changes when a field goes or changes its meaning. */
  static final int VERSION = 1;

  private VppApiTree() {}

  /** The record. */
  public static String json(Path socket, VppApiReport report) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", VERSION);
    root.put("socket", socket.toString());
    root.put("vpp", report.version());
    root.put("messages", report.messages());
    root.put("fit", report.isFit());
    ArrayNode plugins = root.putArray("plugins");
    report
        .plugins()
        .forEach(
            plugin ->
                plugins.addObject().put("name", plugin.name()).put("version", plugin.version()));
    ArrayNode uses = root.putArray("uses");
    report.uses().forEach(use -> uses.add(node(use)));
    return root.toPrettyString() + "\n";
  }

  private static ObjectNode node(Use use) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("message", use.name());
    node.put("state", use.verdict().name().toLowerCase(Locale.ROOT));
    if (!use.crc().isEmpty()) {
      node.put("crc", use.crc());
    }
    ArrayNode others = node.putArray("otherVersions");
    use.others().forEach(others::add);
    return node;
  }
}
