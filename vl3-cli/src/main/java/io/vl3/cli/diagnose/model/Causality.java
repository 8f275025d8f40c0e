package io.vl3.cli.diagnose.model;

import static io.vl3.cli.diagnose.model.Fault.*;

import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Which faults bring about which others: docs/adr/0034-diagnose.md. */
public final class Causality {

  /** The faults of a workload, whatever the cause. */
  private static final Set<Fault> WORKLOADS = EnumSet.of(NOT_ATTACHED, WORKLOAD_OFFLINE);

  /** The faults of an NSE that can ask nobody. */
  private static final Set<Fault> SPEECH =
      with(WORKLOADS, REGISTRY_DOWN, REGISTRY_AMNESIA, NOT_REGISTERED, PEER_DOWN);

  /** The faults that are seen when packets are lost. */
  private static final Set<Fault> PACKETS =
      with(WORKLOADS, MTU_BLACK_HOLE, PEER_FORWARDS_NOTHING, PEER_DOWN);

  /** The faults of a process that is starved. */
  private static final Set<Fault> STARVING =
      with(
          SPEECH,
          PROCESS_HANGS,
          MANAGER_DOWN,
          MANAGER_NOT_OWNED,
          IPAM_UNREACHABLE,
          NO_PREFIX,
          AGENT_DOWN,
          VPP_DOWN,
          LINKS_BROKEN,
          PEER_FORWARDS_NOTHING);

  private static final Map<Fault, Set<Fault>> DIRECT = direct();

  private Causality() {}

  /** Whether one can bring about the other, over others between them too. */
  public static boolean explains(Fault cause, Fault effect) {
    Set<Fault> reached = EnumSet.noneOf(Fault.class);
    collect(cause, reached);
    return reached.contains(effect) && cause != effect;
  }

  private static void collect(Fault cause, Set<Fault> reached) {
    for (Fault effect : DIRECT.getOrDefault(cause, Set.of())) {
      if (reached.add(effect)) {
        collect(effect, reached);
      }
    }
  }

  private static Map<Fault, Set<Fault>> direct() {
    Map<Fault, Set<Fault>> map = new EnumMap<>(Fault.class);
    map.put(CONFIGURATION_WRONG, EnumSet.of(NO_PROCESS));
    map.put(KERNEL_FEATURE_MISSING, with(WORKLOADS, PEER_DOWN, INTERFACE_MISSING));
    map.put(DISK_FULL, EnumSet.of(JOURNAL_FAILING, NOT_ATTACHED, NOT_LISTENING, MANAGER_NOT_OWNED));
    map.put(JOURNAL_FAILING, EnumSet.of(NOT_ATTACHED));
    map.put(FILES_EXHAUSTED, with(STARVING, JOURNAL_FAILING, NOT_LISTENING));
    map.put(CPU_THROTTLED, STARVING);
    map.put(NEIGHBOURS_FULL, PACKETS);
    map.put(PROCESS_HANGS, STARVING);
    map.put(PROCESS_GONE, with(SPEECH, PEER_FORWARDS_NOTHING));
    map.put(CLOCK_OFF, with(SPEECH, CERTIFICATE_EXPIRED));
    map.put(IDENTITY_MISSING, SPEECH);
    map.put(CERTIFICATE_EXPIRED, with(SPEECH, TRUST_DOMAIN_WRONG));
    map.put(TRUST_DOMAIN_WRONG, SPEECH);
    map.put(WRONG_SOCKET, SPEECH);
    map.put(MANAGER_DOWN, SPEECH);
    map.put(MANAGER_NOT_OWNED, with(SPEECH, MANAGER_DOWN));
    map.put(REGISTRY_DOWN, with(SPEECH, REGISTRY_AMNESIA));
    map.put(REGISTRY_AMNESIA, with(WORKLOADS, NOT_REGISTERED, PEER_DOWN));
    map.put(NOT_LISTENING, with(WORKLOADS, PEER_DOWN));
    map.put(NOT_REGISTERED, with(WORKLOADS, PEER_DOWN));
    map.put(IPAM_UNREACHABLE, EnumSet.of(NO_PREFIX));
    map.put(NO_PREFIX, with(WORKLOADS, PEER_DOWN));
    map.put(PREFIX_OVERLAP, with(WORKLOADS, PEER_DOWN));
    map.put(POOL_FULL, EnumSet.of(NOT_ATTACHED));
    map.put(AGENT_DOWN, EnumSet.of(VPP_DOWN, LINKS_BROKEN));
    map.put(VPP_DOWN, EnumSet.of(LINKS_BROKEN));
    map.put(LINKS_BROKEN, PACKETS);
    map.put(FORWARDING_OFF, with(PACKETS, ROUTER_CHANGED));
    map.put(REVERSE_PATH_STRICT, PACKETS);
    map.put(FIREWALL_DROPS, PACKETS);
    map.put(INTERFACE_RENAMED, with(PACKETS, INTERFACE_MISSING, ROUTE_MISSING));
    map.put(INTERFACE_MISSING, with(PACKETS, ROUTE_MISSING));
    map.put(ROUTE_MISSING, PACKETS);
    map.put(MTU_BLACK_HOLE, WORKLOADS);
    map.put(PEER_FORWARDS_NOTHING, WORKLOADS);
    map.put(PEER_DOWN, WORKLOADS);
    return map;
  }

  private static Set<Fault> with(Collection<Fault> some, Fault... more) {
    Set<Fault> all = EnumSet.copyOf(some);
    all.addAll(Set.of(more));
    return all;
  }
}
