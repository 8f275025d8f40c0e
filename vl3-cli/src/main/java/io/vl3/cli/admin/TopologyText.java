package io.vl3.cli.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vl3.cli.admin.Topology.Link;
import io.vl3.cli.admin.Topology.Node;
import io.vl3.cli.render.TextTable;
import io.vl3.internal.log.Printable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A topology as a table, a record, and in the languages of Graphviz and Mermaid. */
public final class TopologyText {

  private static final int VERSION = 1;

  private TopologyText() {}

  /** A row per link, and per node without one. */
  public static String table(Topology topology, Paint paint) {
    Map<String, String> names = new HashMap<>();
    topology.nodes().forEach(node -> names.put(node.id(), node.name()));
    TextTable table = new TextTable().row(List.of("FROM", "TO", "KIND", "STATE"));
    for (Link link : topology.links()) {
      table.row(
          List.of(
              names.getOrDefault(link.from(), ""),
              names.getOrDefault(link.to(), ""),
              link.kind(),
              link.state()));
    }
    topology.nodes().stream()
        .filter(node -> topology.links().stream().noneMatch(link -> has(link, node)))
        .forEach(node -> table.row(List.of(node.name(), "-", node.kind(), node.state())));
    return table.fitting("", StatusText.WIDTH, paint::word);
  }

  private static boolean has(Link link, Node node) {
    return link.from().equals(node.id()) || link.to().equals(node.id());
  }

  /** As JSON; docs/admin.md documents the record. */
  public static String json(Topology topology, Map<String, String> silent) {
    return Json.text(tree(topology, silent));
  }

  /** The record, to be added to. */
  public static ObjectNode tree(Topology topology, Map<String, String> silent) {
    ObjectNode root = Json.root(VERSION, silent);
    ArrayNode nodes = root.putArray("nodes");
    for (Node node : topology.nodes()) {
      nodes
          .addObject()
          .put("id", node.id())
          .put("kind", node.kind())
          .put("name", node.name())
          .put("state", node.state())
          .put("detail", node.detail());
    }
    ArrayNode links = root.putArray("links");
    for (Link link : topology.links()) {
      links
          .addObject()
          .put("from", link.from())
          .put("to", link.to())
          .put("kind", link.kind())
          .put("state", link.state());
    }
    return root;
  }

  /** For Graphviz's {@code dot}. */
  public static String dot(Topology topology) {
    StringBuilder out = new StringBuilder("graph vl3 {\n  overlap=false\n");
    for (Node node : topology.nodes()) {
      out.append(
          "  %s [label=%s shape=%s color=%s]%n"
              .formatted(
                  quoted(node.id()),
                  quoted(node.name() + "\\n" + node.detail()),
                  node.kind().equals(Topology.NSE) ? "box" : "ellipse",
                  colour(node.state())));
    }
    for (Link link : topology.links()) {
      out.append(
          "  %s -- %s [color=%s label=%s]%n"
              .formatted(
                  quoted(link.from()),
                  quoted(link.to()),
                  colour(link.state()),
                  quoted(isGood(link.state()) ? "" : link.state())));
    }
    return out.append("}\n").toString();
  }

  /** A backslash before n is ours. */
  private static String quoted(String text) {
    return '"' + Printable.of(text).replace("\"", "\\\"") + '"';
  }

  /** For Mermaid, as in a page of Markdown. */
  public static String mermaid(Topology topology) {
    StringBuilder out = new StringBuilder("graph LR\n");
    Map<String, String> ids = new HashMap<>();
    for (Node node : topology.nodes()) {
      String id = "n" + ids.size();
      ids.put(node.id(), id);
      String label = plain(node.name()) + "<br/>" + plain(node.detail());
      out.append("  ").append(id);
      out.append(
          node.kind().equals(Topology.NSE) ? "[\"" + label + "\"]" : "([\"" + label + "\"])");
      out.append('\n');
    }
    for (Link link : topology.links()) {
      out.append(
          "  %s %s %s%n"
              .formatted(
                  ids.get(link.from()),
                  isGood(link.state()) ? "---" : "-. " + link.state() + " .-",
                  ids.get(link.to())));
    }
    return out.toString();
  }

  /** Characters with a meaning in Mermaid are left out. */
  private static String plain(String text) {
    return Printable.of(text).replaceAll("[\"<>#&;]", "_");
  }

  static boolean isGood(String state) {
    return state.equals("up") || state.equals("attached") || state.equals("refresh-requested");
  }

  static String colour(String state) {
    if (isGood(state)) {
      return "green";
    }
    return switch (state) {
      case "degraded", "backing-off", "down" -> "red";
      default -> "orange";
    };
  }
}
