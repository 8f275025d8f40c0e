package io.vl3.cli.metrics;

import io.vl3.ipam.PoolStatus;
import io.vl3.links.LinksStatus;
import io.vl3.mesh.PeerState;
import io.vl3.mesh.PeerStatus;
import io.vl3.mesh.PrefixOverlap;
import io.vl3.registry.DomainStatus;
import io.vl3.status.NseStatus;
import java.util.Locale;

/** The figures of one NSE's status. */
record NseSamples(NseStatus nse, Samples samples) {

  void add() {
    samples.add(Figure.CONNECTIONS, nse.connections(), nse.name(), nse.service());
    samples.add(Figure.WORKLOADS, nse.workloads(), nse.name(), nse.service());
    samples.add(Figure.BINDINGS, nse.bindings(), nse.name(), nse.service());
    samples.add(Figure.JOURNAL_FAILING, nse.journalFailing(), nse.name());
    nse.pools().forEach(this::add);
    nse.domains().forEach(this::add);
    for (PeerState state : PeerState.values()) {
      long inIt = nse.peers().stream().filter(peer -> peer.state() == state).count();
      samples.add(Figure.PEERS, (double) inIt, nse.name(), state.name().toLowerCase(Locale.ROOT));
    }
    nse.peers().forEach(this::add);
    nse.overlaps().forEach(this::add);
    nse.links().ifPresent(this::add);
  }

  private void add(PoolStatus pool) {
    double free = pool.addresses() - pool.taken() - pool.excluded();
    add(pool, "free", free);
    add(pool, "used", pool.taken() - pool.resting());
    add(pool, "resting", pool.resting());
    add(pool, "excluded", pool.excluded());
  }

  private void add(PoolStatus pool, String state, double addresses) {
    samples.add(Figure.ADDRESSES, addresses, nse.name(), pool.prefix().toString(), state);
  }

  private void add(DomainStatus domain) {
    if (domain.domain().isEmpty()) {
      samples.add(Figure.REGISTRY_UP, domain.up(), nse.name());
    } else {
      samples.add(Figure.DOMAIN_UP, domain.up(), nse.name(), domain.domain());
    }
  }

  private void add(PeerStatus peer) {
    samples.add(Figure.PEER_UP, peer.state() == PeerState.UP, nse.name(), peer.peer());
    samples.add(Figure.PEER_FAILURES, peer.failures(), nse.name(), peer.peer());
  }

  private void add(PrefixOverlap overlap) {
    samples.add(
        Figure.PREFIX_OVERLAP,
        1,
        nse.name(),
        overlap.own().toString(),
        overlap.peer(),
        overlap.theirs().toString(),
        overlap.givesWay() ? overlap.self() : overlap.peer());
  }

  private void add(LinksStatus links) {
    samples.add(Figure.AGENT_UP, links.up(), nse.name());
    samples.add(Figure.AGENT_LINKS, links.links(), nse.name());
    samples.add(Figure.AGENT_LINKS_BROKEN, links.broken(), nse.name());
  }
}
