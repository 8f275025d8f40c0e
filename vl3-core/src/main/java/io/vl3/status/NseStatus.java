package io.vl3.status;

import io.vl3.health.HealthCode;
import io.vl3.health.HealthItem;
import io.vl3.ipam.PoolStatus;
import io.vl3.links.LinksStatus;
import io.vl3.mesh.PeerStatus;
import io.vl3.mesh.PrefixOverlap;
import io.vl3.net.IpPrefix;
import io.vl3.registry.DomainStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How one NSE is doing at one time.
 *
 * @param name its name, as registered
 * @param service its network service
 * @param started when it began to serve; empty: not yet
 * @param registered when it was registered first, as the registry has it, or as we saw it where the
 *     registry keeps no times; empty: not yet
 * @param network what the whole network lies in
 * @param pools how full its own prefixes are; empty: it has none
 * @param noPrefix why it has no prefix; empty if it has
 * @param connections connections that it serves, peers' included
 * @param workloads those of them that are no peers'
 * @param bindings workloads that addresses are kept for
 * @param journalTrouble why its journal cannot be written; empty if it can
 * @param domains whether each domain that it looks for peers in answers, its own too
 * @param peers where its mesh stands with each peer
 * @param overlaps peers whose prefixes overlap its own
 * @param links its links; empty where nobody knows how they are
 */
public record NseStatus(
    String name,
    String service,
    Optional<Instant> started,
    Optional<Instant> registered,
    List<IpPrefix> network,
    List<PoolStatus> pools,
    Optional<String> noPrefix,
    int connections,
    int workloads,
    int bindings,
    Optional<String> journalTrouble,
    List<DomainStatus> domains,
    List<PeerStatus> peers,
    List<PrefixOverlap> overlaps,
    Optional<LinksStatus> links) {

  /** Copies the lists. */
  public NseStatus {
    network = List.copyOf(network);
    pools = List.copyOf(pools);
    domains = List.copyOf(domains);
    peers = List.copyOf(peers);
    overlaps = List.copyOf(overlaps);
  }

  /** The status of an NSE that has nothing yet. */
  public static Builder builder(String name, String service) {
    return new Builder(name, service);
  }

  /** Whether its journal cannot be written. */
  public boolean journalFailing() {
    return journalTrouble.isPresent();
  }

  /** The troubles that this status shows; nobody notes when they began. */
  public List<HealthItem> troubles() {
    List<HealthItem> all = new ArrayList<>();
    noPrefix.ifPresent(why -> all.add(item(HealthCode.NO_PREFIX, "", why)));
    for (PoolStatus pool : pools) {
      if (pool.fill() >= 1) {
        String subject = pool.prefix().toString();
        all.add(item(HealthCode.POOL_FULL, subject, subject + ": no address is left"));
      }
    }
    overlaps.forEach(
        overlap -> all.add(item(HealthCode.PREFIX_OVERLAP, overlap.peer(), overlap.message())));
    journalTrouble.ifPresent(why -> all.add(item(HealthCode.JOURNAL_FAILING, "", why)));
    links.ifPresent(known -> addLinks(known, all));
    return all;
  }

  private void addLinks(LinksStatus known, List<HealthItem> all) {
    if (!known.up()) {
      all.add(item(HealthCode.AGENT_AWAY, "", "what programs the links does not answer"));
    } else if (known.broken() > 0) {
      String text = "%d of %d links do not run".formatted(known.broken(), known.links());
      all.add(item(HealthCode.LINKS_BROKEN, "", text));
    }
  }

  private HealthItem item(HealthCode code, String subject, String text) {
    return new HealthItem(code, name, subject, Optional.empty(), text);
  }

  /** Makes a status; what is not said is none. Not thread-safe. */
  public static final class Builder {

    private final String name;
    private final String service;
    private Optional<Instant> started = Optional.empty();
    private Optional<Instant> registered = Optional.empty();
    private List<IpPrefix> network = List.of();
    private List<PoolStatus> pools = List.of();
    private Optional<String> noPrefix = Optional.empty();
    private int connections;
    private int workloads;
    private int bindings;
    private Optional<String> journalTrouble = Optional.empty();
    private List<DomainStatus> domains = List.of();
    private List<PeerStatus> peers = List.of();
    private List<PrefixOverlap> overlaps = List.of();
    private Optional<LinksStatus> links = Optional.empty();

    private Builder(String name, String service) {
      this.name = name;
      this.service = service;
    }

    /** When it began to serve. */
    public Builder started(Optional<Instant> value) {
      started = value;
      return this;
    }

    /** When it was registered first. */
    public Builder registered(Optional<Instant> value) {
      registered = value;
      return this;
    }

    /** The pools in which the whole network lies. */
    public Builder network(List<IpPrefix> value) {
      network = value;
      return this;
    }

    /** How full its own prefixes are. */
    public Builder pools(List<PoolStatus> value) {
      pools = value;
      return this;
    }

    /** Why it has no prefix. */
    public Builder noPrefix(Optional<String> value) {
      noPrefix = value;
      return this;
    }

    /** Connections that it serves, and those of them that are workloads'. */
    public Builder connections(int all, int ofWorkloads) {
      connections = all;
      workloads = ofWorkloads;
      return this;
    }

    /** Workloads that addresses are kept for. */
    public Builder bindings(int value) {
      bindings = value;
      return this;
    }

    /** Why its journal cannot be written. */
    public Builder journalTrouble(Optional<String> value) {
      journalTrouble = value;
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
          name,
          service,
          started,
          registered,
          network,
          pools,
          noPrefix,
          connections,
          workloads,
          bindings,
          journalTrouble,
          domains,
          peers,
          overlaps,
          links);
    }
  }
}
