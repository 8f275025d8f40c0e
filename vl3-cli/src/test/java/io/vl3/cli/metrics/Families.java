package io.vl3.cli.metrics;

import java.util.List;
import java.util.Set;

/** The families of the table, as {@link Exposition} shows them. */
public final class Families {

  /** What shows only with VPP, with a name server, or while something is wrong. */
  public static final Set<String> ELSEWHERE =
      Set.of(
          "vl3_agent_up",
          "vl3_agent_links",
          "vl3_agent_links_broken",
          "vl3_agent_calls_total",
          "vl3_agent_call_seconds",
          "vl3_link_changes_total",
          "vl3_programming_seconds",
          "vl3_name_questions_total",
          "vl3_prefix_overlap");

  private Families() {}

  /** All. */
  public static List<String> lines() {
    return linesWithout(Set.of());
  }

  /** All but those of some names. */
  public static List<String> linesWithout(Set<String> names) {
    return Family.all().stream()
        .filter(family -> !names.contains(family.name()))
        .map(Exposition::line)
        .toList();
  }
}
