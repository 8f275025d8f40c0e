package io.vl3.cli.metrics;

import io.vl3.mesh.PeerStatus;
import io.vl3.mesh.PrefixOverlap;
import io.vl3.registry.DomainStatus;
import java.util.List;
import java.util.Optional;

/**
 * Figures of one NSE at one time.
 *
 * @param nse its name
 * @param service its network service
 * @param connections connections that it serves, peers' included
 * @param bindings workloads that addresses are kept for
 * @param journalFailing whether its journal cannot be written
 * @param domains whether each domain that it looks for peers in answers, its own too
 * @param peers where its mesh stands with each peer
 * @param overlaps peers whose prefixes overlap its own
 * @param agent its vpp-agent; empty with another data plane
 */
public record NseFigures(
    String nse,
    String service,
    int connections,
    int bindings,
    boolean journalFailing,
    List<DomainStatus> domains,
    List<PeerStatus> peers,
    List<PrefixOverlap> overlaps,
    Optional<Agent> agent) {

  /**
   * Figures of a vpp-agent.
   *
   * @param up whether it answers
   * @param links links that are wanted
   * @param broken those of them that do not run
   */
  public record Agent(boolean up, int links, int broken) {}

  /** Copies the lists. */
  public NseFigures {
    domains = List.copyOf(domains);
    peers = List.copyOf(peers);
    overlaps = List.copyOf(overlaps);
  }
}
