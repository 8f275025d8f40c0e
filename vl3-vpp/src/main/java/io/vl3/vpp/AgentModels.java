package io.vl3.vpp;

import io.vl3.vpp.internal.ItemKind;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The models that a vpp-agent knows: the kinds of objects that it takes. It passes over any other
 * object in silence. The models show its version, too: a release keeps those of the one before.
 *
 * @param known their names, as {@code vpp.v2.interfaces}
 */
public record AgentModels(Set<String> known) {

  /** Copies the set. */
  public AgentModels {
    known = Set.copyOf(known);
  }

  /**
   * Releases of the agent that differ in models, in their order, each with a model that it added.
   */
  public enum Version {
    V3_0("3.0", "vpp.v2.l3xconnect"),
    V3_1("3.1", "vpp.ipsec.v2.tun-protect"),
    V3_2("3.2", "vpp.v2.teib"),
    V3_3("3.3 to 3.5", "vpp.dns.v1.dnscache"),
    LATER("later than 3.5", "vpp.nat.v2.nat44-vrf");

    /** The first that can answer an update when its objects run, and not before. */
    static final Version OLDEST = V3_2;

    private final String words;
    private final String mark;

    Version(String words, String mark) {
      this.words = words;
      this.mark = mark;
    }

    /** As people read it. */
    public String words() {
      return words;
    }
  }

  /** The agent's version; empty if its models are those of no known release. */
  public Optional<Version> version() {
    return Arrays.stream(Version.values())
        .filter(version -> known.contains(version.mark))
        .max(Comparator.naturalOrder());
  }

  /** Models that the agent does not know and a vl3 may need, with any settings; sorted. */
  public List<String> missing() {
    return missing(EnumSet.allOf(ItemKind.class));
  }

  /** Why a vl3 with these settings cannot use the agent; empty if it can. */
  public Optional<String> objection(VppSettings settings) {
    Set<ItemKind> needed = needed(settings);
    List<String> missing = missing(needed);
    if (!missing.isEmpty()) {
      return Optional.of(
          "model %s: unknown to it (expected: known, as to versions %s and later) [needed for %s]"
              .formatted(String.join(", ", missing), Version.OLDEST.words, purposes(needed)));
    }
    return version()
        .filter(version -> version.compareTo(Version.OLDEST) < 0)
        .map(
            version ->
                "version: %s, by its models (expected: %s or later) [it answers before things run]"
                    .formatted(version.words, Version.OLDEST.words));
  }

  /** The version and how many models there are, in words. */
  @Override
  public String toString() {
    return "%s, by its %d models"
        .formatted(version().map(v -> "version " + v.words).orElse("no version"), known.size());
  }

  private List<String> missing(Set<ItemKind> needed) {
    return needed.stream()
        .map(ItemKind::model)
        .filter(model -> !known.contains(model))
        .sorted()
        .toList();
  }

  private String purposes(Set<ItemKind> needed) {
    return needed.stream()
        .filter(kind -> !known.contains(kind.model()))
        .map(AgentModels::purpose)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static Set<ItemKind> needed(VppSettings settings) {
    Set<ItemKind> kinds = EnumSet.allOf(ItemKind.class);
    kinds.removeIf(kind -> settings.vrf() == 0 && kind == ItemKind.VRF_TABLE);
    kinds.removeIf(kind -> settings.natAddress().isEmpty() && kind.isNat());
    return kinds;
  }

  private static String purpose(ItemKind kind) {
    return switch (kind) {
      case VRF_TABLE -> "a table of its own";
      case INTERFACE, ROUTE -> "links";
      case NAT_GLOBAL, NAT_POOL, NAT_INTERFACE, DNAT -> "NAT";
    };
  }
}
