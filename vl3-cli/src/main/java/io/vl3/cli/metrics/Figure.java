package io.vl3.cli.metrics;

import java.util.List;
import java.util.Locale;

/** A figure that is read when it is asked for. */
enum Figure {
  CONNECTIONS("connections", "Connections served, workloads' and peers'.", "nse", "service"),
  WORKLOADS("workloads", "Connections served that are workloads'.", "nse", "service"),
  BINDINGS("bindings", "Workloads that addresses are kept for.", "nse", "service"),
  ADDRESSES(
      "addresses",
      "Addresses of an own prefix: free, used, resting, excluded.",
      "nse",
      "prefix",
      "state"),
  JOURNAL_FAILING("journal_failing", "1 while the journal cannot be written.", "nse"),
  REGISTERED("registered", "1 if the endpoint is registered.", "nse"),
  REGISTRY_UP("registry_up", "1 if the endpoint's own registry shows who its peers are.", "nse"),
  DOMAIN_UP("domain_up", "1 if a remote domain's registry does.", "nse", "domain"),
  PEERS("peers", "Peers by state of their link.", "nse", "state"),
  PEER_UP("peer_up", "1 if packets can pass to the peer.", "nse", "peer"),
  PEER_FAILURES("peer_failures", "Dials of the peer that failed in a row.", "nse", "peer"),
  PREFIX_OVERLAP(
      "prefix_overlap",
      "1 while a peer's prefix overlaps the endpoint's own; gives_way takes nothing new.",
      "nse",
      "prefix",
      "peer",
      "peer_prefix",
      "gives_way"),
  AGENT_UP("agent_up", "1 if VPP, or its agent, answers and has what is needed.", "nse"),
  AGENT_LINKS("agent_links", "Links that VPP shall have.", "nse"),
  AGENT_LINKS_BROKEN(
      "agent_links_broken", "Those that it had not when it was last looked at.", "nse"),
  LINK_UP(
      "link_up", "1 if the interface is up, and its other end.", "nse", "link", "kind", "other"),
  LINK_ROUND_TRIP(
      "link_round_trip_seconds",
      "How long the newest answered probe of a peer's link took.",
      "nse",
      "link",
      "kind",
      "other"),
  LINK_PACKETS(
      Type.COUNTER,
      "link_packets",
      "Packets of a link.",
      "nse",
      "link",
      "kind",
      "other",
      "direction"),
  LINK_BYTES(
      Type.COUNTER, "link_bytes", "Bytes of a link.", "nse", "link", "kind", "other", "direction"),
  LINK_DROPS(
      Type.COUNTER,
      "link_drops",
      "Packets of a link that were dropped.",
      "nse",
      "link",
      "kind",
      "other",
      "direction"),
  LINKS_NOT_SHOWN(
      "links_not_shown", "Links beyond the 1000 of an NSE that are shown one by one.", "nse"),
  MANAGER_ENDPOINTS(
      "manager_endpoints", "Endpoints at the machine's manager, where this process runs it."),
  MANAGER_CONNECTIONS("manager_connections", "Connections that pass that manager."),
  TROUBLES("troubles", "Troubles that last, as vl3 status shows them.", "nse", "code"),
  EVENTS(Type.COUNTER, "events", "Events so far, as vl3 events shows them."),
  BUILD(Type.INFO, "build", "Which vl3 this is.", "version", "commit");

  private final Type type;
  private final String text;
  private final String help;

  /** With a space between two. */
  private final String labels;

  Figure(String text, String help, String... labels) {
    this(Type.GAUGE, text, help, labels);
  }

  Figure(Type type, String text, String help, String... labels) {
    this.type = type;
    this.text = text;
    this.help = help;
    this.labels = String.join(" ", labels);
  }

  /** The type that Prometheus takes it for. */
  enum Type {
    GAUGE,
    COUNTER,
    HISTOGRAM,
    INFO;

    /** As in the exposition. */
    String text() {
      return this == INFO ? GAUGE.text() : name().toLowerCase(Locale.ROOT);
    }
  }

  Type type() {
    return type;
  }

  /** Its name without what its type adds. */
  String base() {
    return "vl3_" + text;
  }

  String help() {
    return help;
  }

  List<String> labels() {
    return labels.isEmpty() ? List.of() : List.of(labels.split(" ", -1));
  }
}
