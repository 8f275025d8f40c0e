package io.vl3.vpp.internal;

import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.PortForward;
import io.vl3.dataplane.Translation;
import io.vl3.failure.EndpointException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The handovers between links of one batch: a port of the NAT address, a socket. VPP has each once,
 * so the link that gives up is changed before the link that takes, whatever their order in the
 * batch. Where links exchange ports, all of them first give up theirs. Not thread-safe; used for
 * one batch.
 */
final class Handovers {

  private final DesiredState desired;
  private final LinkRenderer renderer;
  private final Map<LinkKey, Set<String>> claims = new HashMap<>();
  private final Map<LinkKey, Set<LinkKey>> givers = new HashMap<>();
  private final List<List<LinkChange>> rounds = new ArrayList<>();
  private final Map<LinkKey, DesiredState.Wanted> exchanging = new LinkedHashMap<>();

  /** The handovers of a batch. */
  Handovers(List<LinkChange> changes, DesiredState desired, LinkRenderer renderer) {
    this.desired = desired;
    this.renderer = renderer;
    changes.forEach(change -> claims.put(change.key(), claimsAfter(change)));
    changes.forEach(change -> findGivers(change.key()));
    plan(changes);
  }

  /**
   * The changes in rounds, each possible after the ones before. A link that exchanges ports comes
   * twice, first without the ports that it gives up.
   */
  List<List<LinkChange>> rounds() {
    return rounds;
  }

  /** Links that give up ports before it is sure that they get others, as they were before. */
  Collection<DesiredState.Wanted> exchanging() {
    return exchanging.values();
  }

  private Set<String> claimsAfter(LinkChange change) {
    if (!(change instanceof LinkChange.Put put)) {
      return Set.of();
    }
    try {
      return renderer.claims(put.link());
    } catch (EndpointException refused) {
      return desired.get(change.key()).map(had -> had.objects().claims()).orElse(Set.of());
    }
  }

  private void findGivers(LinkKey taker) {
    for (String claim : claims.getOrDefault(taker, Set.of())) {
      desired
          .holder(claim)
          .filter(holder -> !holder.equals(taker) && givesUp(holder, claim))
          .ifPresent(holder -> givers.computeIfAbsent(taker, none -> new HashSet<>()).add(holder));
    }
  }

  private boolean givesUp(LinkKey holder, String claim) {
    return claims.containsKey(holder) && !claims.get(holder).contains(claim);
  }

  private void plan(List<LinkChange> changes) {
    List<LinkChange> left = new ArrayList<>(changes);
    while (!left.isEmpty()) {
      Set<LinkKey> waiting = keys(left);
      List<LinkChange> ready = left.stream().filter(one -> isFree(one, waiting)).toList();
      if (ready.isEmpty()) {
        ready = ring(left);
        rounds.add(ready.stream().map(this::yielding).toList());
      }
      rounds.add(ready);
      Set<LinkChange> done = Collections.newSetFromMap(new IdentityHashMap<>());
      done.addAll(ready);
      left.removeIf(done::contains);
    }
  }

  private boolean isFree(LinkChange change, Set<LinkKey> waiting) {
    return Collections.disjoint(giversOf(change), waiting);
  }

  /** Every change left waits for another: those of them that another waits for. */
  private List<LinkChange> ring(List<LinkChange> left) {
    List<LinkChange> ring = new ArrayList<>(left);
    Set<LinkKey> awaited = awaited(ring);
    while (ring.removeIf(one -> !awaited.contains(one.key()))) {
      awaited.retainAll(awaited(ring));
    }
    return ring;
  }

  private Set<LinkKey> awaited(List<LinkChange> changes) {
    Set<LinkKey> awaited = new HashSet<>();
    changes.forEach(change -> awaited.addAll(giversOf(change)));
    return awaited;
  }

  /** The link as it was, without the ports that it shall not have afterwards. */
  private LinkChange yielding(LinkChange change) {
    DesiredState.Wanted before = desired.get(change.key()).orElseThrow();
    exchanging.put(change.key(), before);
    List<PortForward> kept = new ArrayList<>(NatRenderer.forwards(before.link()));
    Set<String> after = claims.getOrDefault(change.key(), Set.of());
    kept.removeIf(forward -> renderer.claim(forward).filter(after::contains).isEmpty());
    Link had = before.link();
    return new LinkChange.Put(
        had.translation().map(inside -> had.withTranslation(new Translation(kept))).orElse(had));
  }

  private Set<LinkKey> giversOf(LinkChange change) {
    return givers.getOrDefault(change.key(), Set.of());
  }

  private static Set<LinkKey> keys(List<LinkChange> changes) {
    Set<LinkKey> keys = new HashSet<>();
    changes.forEach(change -> keys.add(change.key()));
    return keys;
  }
}
