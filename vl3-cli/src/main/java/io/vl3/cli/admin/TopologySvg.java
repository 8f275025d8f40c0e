package io.vl3.cli.admin;

import io.vl3.cli.admin.Topology.Link;
import io.vl3.cli.admin.Topology.Node;
import io.vl3.internal.log.Printable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A topology as a drawing: NSEs on a circle, each with its workloads outside of it. */
public final class TopologySvg {

  private static final double CENTRE = 500;
  private static final double CIRCLE = 230;
  private static final double OUTSIDE = 400;
  private static final double FAN = 0.8;

  private final Topology topology;
  private final Map<String, Point> places = new HashMap<>();
  private final StringBuilder out = new StringBuilder();

  /** A point of the drawing. */
  private record Point(double x, double y) {}

  private TopologySvg(Topology topology) {
    this.topology = topology;
  }

  /** An SVG document. */
  public static String of(Topology topology) {
    TopologySvg svg = new TopologySvg(topology);
    svg.place();
    svg.draw();
    return svg.out.toString();
  }

  private void place() {
    List<Node> nses = ofKind(Topology.NSE);
    double sector = 2 * Math.PI / Math.max(1, nses.size());
    List<Node> free = new ArrayList<>(ofKind(Topology.WORKLOAD));
    for (int i = 0; i < nses.size(); i++) {
      double angle = i * sector - Math.PI / 2;
      places.put(nses.get(i).id(), at(angle, nses.size() == 1 ? 0 : CIRCLE));
      List<Node> served = served(nses.get(i), free);
      free.removeAll(served);
      spread(served, angle, sector * FAN);
    }
    spread(free, Math.PI / 4, FAN);
  }

  private List<Node> served(Node nse, List<Node> among) {
    return among.stream()
        .filter(
            node ->
                topology.links().stream()
                    .anyMatch(link -> link.from().equals(node.id()) && link.to().equals(nse.id())))
        .toList();
  }

  private void spread(List<Node> nodes, double middle, double width) {
    for (int i = 0; i < nodes.size(); i++) {
      double part = (i + 0.5) / nodes.size() - 0.5;
      places.put(nodes.get(i).id(), at(middle + part * width, OUTSIDE));
    }
  }

  private Point placeOf(String id) {
    return Optional.ofNullable(places.get(id)).orElseThrow();
  }

  private static Point at(double angle, double radius) {
    return new Point(CENTRE + radius * Math.cos(angle), CENTRE + radius * Math.sin(angle));
  }

  private List<Node> ofKind(String kind) {
    return topology.nodes().stream().filter(node -> node.kind().equals(kind)).toList();
  }

  private void draw() {
    out.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000" font-family="sans-serif" font-size="14">
        <title>%d NSEs and %d workloads of a vL3</title>
        """
            .formatted(ofKind(Topology.NSE).size(), ofKind(Topology.WORKLOAD).size()));
    topology.links().forEach(this::line);
    topology.nodes().forEach(this::node);
    out.append("</svg>\n");
  }

  private void line(Link link) {
    Point from = placeOf(link.from());
    Point to = placeOf(link.to());
    out.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\""
                + " stroke-width=\"2\"%s><title>%s</title></line>%n",
            from.x(),
            from.y(),
            to.x(),
            to.y(),
            TopologyText.colour(link.state()),
            TopologyText.isGood(link.state()) ? "" : " stroke-dasharray=\"6 4\"",
            escaped(link.kind() + " " + link.state())));
  }

  private void node(Node node) {
    Point at = placeOf(node.id());
    boolean nse = node.kind().equals(Topology.NSE);
    out.append(
        String.format(
            Locale.ROOT,
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%d\" fill=\"white\" stroke=\"%s\""
                + " stroke-width=\"3\"><title>%s</title></circle>%n",
            at.x(),
            at.y(),
            nse ? 16 : 7,
            TopologyText.colour(node.state()),
            escaped("%s %s: %s".formatted(node.kind(), node.name(), node.state()))));
    text(node.name(), at, nse ? 32 : 22);
    text(node.detail(), at, nse ? 48 : 37);
  }

  private void text(String text, Point at, int below) {
    out.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>%n",
            at.x(),
            at.y() + below,
            escaped(text)));
  }

  private static String escaped(String text) {
    return Printable.of(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
