package io.vl3.cli.render;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vl3.vpp.AgentModels;
import io.vl3.vpp.VppInspection;
import io.vl3.vpp.VppInspection.Row;

/**
 * An agent's configuration beside the state that runs, as JSON; docs/vpp.md documents the record.
 */
public final class VppTree {

  /** The version of the record; it changes when a field goes or changes its meaning. */
  static final int VERSION = 1;

  private VppTree() {}

  /** The rows. */
  public static String json(VppSubject subject, VppInspection inspection) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", VERSION);
    root.put(subject.direct() ? "socket" : "agent", subject.address());
    root.put("clean", inspection.isClean());
    inspection.models().ifPresent(models -> root.set("models", models(models)));
    ArrayNode objects = root.putArray("objects");
    inspection.rows().forEach(row -> objects.add(object(row)));
    return root.toPrettyString() + "\n";
  }

  private static ObjectNode models(AgentModels models) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    models.version().ifPresent(version -> node.put("version", version.words()));
    node.put("known", models.known().size());
    ArrayNode missing = node.putArray("missing");
    models.missing().forEach(missing::add);
    return node;
  }

  private static ObjectNode object(Row row) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("kind", row.kind());
    node.put("name", row.name());
    row.owner().ifPresent(owner -> node.put("owner", owner));
    node.put("state", row.verdict().word());
    text(node, "desired", row.desired());
    text(node, "running", row.running());
    text(node, "difference", row.why());
    return node;
  }

  private static void text(ObjectNode node, String name, String words) {
    if (!words.isEmpty()) {
      node.put(name, words);
    }
  }
}
