package io.vl3.cli.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vl3.api.admin.v1.Interface;
import io.vl3.api.admin.v1.Route;
import io.vl3.internal.log.Printable;
import java.util.Locale;
import java.util.Map;

/** A way of packets for people and as a record. */
public final class PathText {

  private static final int VERSION = 1;
  private static final String INDENT = "   ";

  private PathText() {}

  /** The hops, and where it ends. */
  public static String table(PathTrace trace, Paint paint) {
    StringBuilder out = new StringBuilder();
    out.append(
        "%s to %s: %s%n%n"
            .formatted(Printable.of(trace.from()), trace.to(), paint.word(word(trace))));
    for (int i = 0; i < trace.hops().size(); i++) {
      Hop hop = trace.hops().get(i);
      out.append("%-3d%s%n".formatted(i + 1, Printable.of(hop.at())));
      out.append(Paragraph.of(INDENT, way(hop)));
      hop.link().ifPresent(link -> out.append(Paragraph.of(INDENT, counters(link))));
    }
    return out.append('\n').append(Paragraph.of("", trace.end())).toString();
  }

  private static String way(Hop hop) {
    return hop.route()
        .map(
            route ->
                route.getInterface().isEmpty()
                    ? route.getDestination() + " is refused"
                    : "%s by %s to %s"
                        .formatted(
                            words(route),
                            route.getInterface(),
                            hop.to().isEmpty() ? "nobody" : hop.to()))
        .orElse("no route");
  }

  private static String counters(Interface link) {
    return "%.0f packets sent, %.0f dropped".formatted(link.getPacketsOut(), link.getDroppedOut());
  }

  private static String words(Route route) {
    return route.getGateway().isEmpty()
        ? route.getDestination()
        : route.getDestination() + " via " + route.getGateway();
  }

  private static String word(PathTrace trace) {
    return trace.outcome().name().toLowerCase(Locale.ROOT);
  }

  /** As JSON; docs/admin.md documents the record. */
  public static String json(PathTrace trace, Map<String, String> silent) {
    ObjectNode root = Json.root(VERSION, silent);
    root.put("from", trace.from()).put("to", trace.to());
    root.put("outcome", word(trace)).put("end", trace.end());
    ArrayNode hops = root.putArray("hops");
    for (Hop hop : trace.hops()) {
      ObjectNode one = hops.addObject();
      one.put("at", hop.at()).put("kind", hop.isNse() ? "nse" : "workload").put("to", hop.to());
      hop.route().ifPresent(route -> one.set("route", Json.of(route)));
      hop.link().ifPresent(link -> one.set("link", Json.of(link)));
    }
    return Json.text(root);
  }
}
