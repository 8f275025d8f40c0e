package io.vl3.measure;

import java.util.List;

/**
 * What can be measured. Names, labels and the values of labels are fixed, so that no stranger makes
 * series. They are part of what docs/metrics.md promises.
 */
public enum Measure {
  /** Requests and closes that reached an NSE. */
  REQUESTS(
      Kind.COUNT,
      "requests",
      "Requests of workloads and peers that an NSE has answered.",
      "kind",
      "operation",
      "outcome"),
  /** How long those took. */
  REQUEST_TIMES(
      Kind.TIMES, "request", "How long an NSE took to answer a request.", "kind", "operation"),
  /** Requests and closes that reached the machine's manager. */
  MANAGER_REQUESTS(
      Kind.COUNT,
      "manager_requests",
      "Requests that the machine's manager has answered.",
      "operation",
      "outcome"),
  /** How long those took. */
  MANAGER_REQUEST_TIMES(
      Kind.TIMES,
      "manager_request",
      "How long the machine's manager took to answer a request, with the NSE's part.",
      "operation"),
  /** Links that were put into a data plane, or removed. */
  LINK_CHANGES(
      Kind.COUNT,
      "link_changes",
      "Links that an NSE put into its data plane.",
      "change",
      "outcome"),
  /** How long a batch of those took. */
  PROGRAMMING_TIMES(
      Kind.TIMES, "programming", "How long a data plane took for a batch of an NSE's links."),
  /** Links that the machine's manager put into the kernel, or removed. */
  MANAGER_LINK_CHANGES(
      Kind.COUNT,
      "manager_link_changes",
      "Links that the machine's manager put into the kernel.",
      "change",
      "outcome"),
  /** How long a batch of those took. */
  MANAGER_PROGRAMMING_TIMES(
      Kind.TIMES,
      "manager_programming",
      "How long the kernel took for a batch of links of the machine's manager."),
  /** Requests for links to peers. */
  DIALS(Kind.COUNT, "dials", "Requests of an NSE for links to its peers.", "outcome"),
  /** How long those took. */
  DIAL_TIMES(Kind.TIMES, "dial", "How long a request for a link to a peer took."),
  /** Refreshes of links to peers. */
  REFRESHES(
      Kind.COUNT, "refreshes", "Refreshes of links to peers, before their tokens end.", "outcome"),
  /** Attempts to heal links to peers. */
  HEALS(Kind.COUNT, "heals", "Attempts to heal a link to a peer that broke.", "outcome"),
  /** How long a link was broken. */
  HEAL_TIMES(Kind.TIMES, "heal", "How long a link to a peer was being healed, until it was."),
  /** Probes of links to peers. */
  PROBES(Kind.COUNT, "probes", "Probes of links to peers.", "outcome"),
  /** Searches for peers that failed. */
  FAILED_SEARCHES(
      Kind.COUNT, "failed_searches", "Searches for an NSE's peers that a registry failed."),
  /** Questions of the DNS. */
  NAME_QUESTIONS(
      Kind.COUNT,
      "name_questions",
      "Questions that an NSE's name server has answered.",
      "transport",
      "outcome"),
  /** Writes of a journal. */
  JOURNAL_WRITES(
      Kind.COUNT, "journal_writes", "Writes to the disk of an NSE's journal.", "outcome"),
  /** How long those took. */
  JOURNAL_WRITE_TIMES(
      Kind.TIMES,
      "journal_write",
      "How long a write of an NSE's journal took, until it was on the disk."),
  /** Calls of what programs VPP. */
  AGENT_CALLS(Kind.COUNT, "agent_calls", "Calls of VPP, or of its agent.", "call", "outcome"),
  /** How long those took. */
  AGENT_CALL_TIMES(
      Kind.TIMES, "agent_call", "How long VPP, or its agent, took for a call.", "call");

  private final Kind kind;
  private final String text;
  private final String help;

  /** With a space between two. */
  private final String labels;

  Measure(Kind kind, String text, String help, String... labels) {
    this.kind = kind;
    this.text = text;
    this.help = help;
    this.labels = String.join(" ", labels);
  }

  /** How it is measured. */
  public enum Kind {
    /** A {@link Counter}. */
    COUNT,
    /** {@link Times}. */
    TIMES
  }

  /** How it is measured. */
  public Kind kind() {
    return kind;
  }

  /** Its name, without prefix and unit: {@code name_questions}. */
  public String text() {
    return text;
  }

  /** Its meaning, as a sentence. */
  public String help() {
    return help;
  }

  /** The names of its labels, without that of the component. */
  public List<String> labels() {
    return labels.isEmpty() ? List.of() : List.of(labels.split(" ", -1));
  }

  /** Whether it belongs to the process, whichever component measures it. */
  public boolean isOfProcess() {
    return text.startsWith("manager_");
  }
}
