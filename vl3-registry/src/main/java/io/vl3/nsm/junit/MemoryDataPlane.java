package io.vl3.nsm.junit;

import io.vl3.dataplane.DataPlane;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A data plane without packets: it keeps the links that it is told. Thread-safe. */
public final class MemoryDataPlane implements DataPlane {

  private final Map<LinkKey, Link> links = new TreeMap<>(Comparator.comparing(LinkKey::value));

  @Override
  public synchronized List<LinkOutcome> apply(List<LinkChange> changes) {
    return changes.stream().map(this::apply).toList();
  }

  @Override
  public synchronized Set<LinkKey> observe() {
    return Set.copyOf(links.keySet());
  }

  /** The links that exist, by key; a snapshot. */
  public synchronized List<Link> links() {
    return List.copyOf(links.values());
  }

  @Override
  public void close() {}

  private LinkOutcome apply(LinkChange change) {
    if (change instanceof LinkChange.Put put) {
      boolean changed = !put.link().equals(links.put(change.key(), put.link()));
      return new LinkOutcome.Applied(changed, put.link().mtuBytes());
    }
    return new LinkOutcome.Applied(links.remove(change.key()) != null, 0);
  }
}
