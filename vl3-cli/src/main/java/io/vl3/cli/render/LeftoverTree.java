package io.vl3.cli.render;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vl3.vpp.VppLeftovers.Leftover;
import java.util.List;
import java.util.Map;

/** Leftovers of NSEs and what became of them, as JSON; docs/vpp.md documents the record. */
public final class LeftoverTree {

  /** The version of the record; it changes when a field goes or changes its meaning. */
  static final int VERSION = 1;

  private LeftoverTree() {}

  /** The leftovers by NSE. */
  public static String json(Map<String, List<Leftover>> left, boolean dryRun) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", VERSION);
    root.put("dryRun", dryRun);
    ArrayNode nses = root.putArray("nses");
    left.forEach(
        (nse, leftovers) -> {
          ObjectNode node = nses.addObject();
          node.put("name", nse);
          ArrayNode objects = node.putArray("objects");
          leftovers.forEach(one -> objects.add(object(one, dryRun)));
        });
    return root.toPrettyString() + "\n";
  }

  private static ObjectNode object(Leftover one, boolean dryRun) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("kind", one.kind());
    node.put("name", one.name());
    node.put("is", one.words());
    node.put("removed", !dryRun && one.failure().isEmpty());
    one.failure().ifPresent(why -> node.put("failure", why));
    return node;
  }
}
