package io.vl3.nse;

import io.vl3.links.LinksStatus;
import io.vl3.mesh.PeerStatus;
import io.vl3.mesh.PrefixOverlap;
import io.vl3.registry.DomainStatus;
import java.util.List;
import java.util.Optional;

/**
 * How one NSE is doing at one time.
 *
 * @param name its name, as registered
 * @param service its network service
 * @param connections connections that it serves, peers' included
 * @param bindings workloads that addresses are kept for
 * @param journalFailing whether its journal cannot be written
 * @param domains whether each domain that it looks for peers in answers, its own too
 * @param peers where its mesh stands with each peer
 * @param overlaps peers whose prefixes overlap its own
 * @param links its links; empty where nobody knows how they are
 */
public record NseStatus(
    String name,
    String service,
    int connections,
    int bindings,
    boolean journalFailing,
    List<DomainStatus> domains,
    List<PeerStatus> peers,
    List<PrefixOverlap> overlaps,
    Optional<LinksStatus> links) {

  /** Copies the lists. */
  public NseStatus {
    domains = List.copyOf(domains);
    peers = List.copyOf(peers);
    overlaps = List.copyOf(overlaps);
  }

  /** The status of an NSE that has nothing yet. */
  public static Builder builder(String name, String service) {
    return new Builder(name, service);
  }

  /** Makes a status; what is not said is none. Not thread-safe. */
  public static final class Builder {

    private final String name;
    private final String service;
    private int connections;
    private int bindings;
    private boolean journalFailing;
    private List<DomainStatus> domains = List.of();
    private List<PeerStatus> peers = List.of();
    private List<PrefixOverlap> overlaps = List.of();
    private Optional<LinksStatus> links = Optional.empty();

    private Builder(String name, String service) {
      this.name = name;
      this.service = service;
    }

    /** Connections that it serves. */
    public Builder connections(int value) {
      connections = value;
      return this;
    }

    /** Workloads that addresses are kept for. */
    public Builder bindings(int value) {
      bindings = value;
      return this;
    }

    /** Whether its journal cannot be written. */
    public Builder journalFailing(boolean value) {
      journalFailing = value;
      return this;
    }

    /** Domains that it looks for peers in. */
    public Builder domains(List<DomainStatus> value) {
      domains = value;
      return this;
    }

    /** Its peers. */
    public Builder peers(List<PeerStatus> value) {
      peers = value;
      return this;
    }

    /** Peers whose prefixes overlap its own. */
    public Builder overlaps(List<PrefixOverlap> value) {
      overlaps = value;
      return this;
    }

    /** Its links. */
    public Builder links(Optional<LinksStatus> value) {
      links = value;
      return this;
    }

    /** The status. */
    public NseStatus build() {
      return new NseStatus(
          name, service, connections, bindings, journalFailing, domains, peers, overlaps, links);
    }
  }
}
