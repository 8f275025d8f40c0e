package io.vl3.linux;

import io.vl3.dataplane.LinkKey;
import io.vl3.linux.internal.LinkInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes many links. Deleting an interface costs the kernel tens of milliseconds of waiting; a
 * group is deleted for the price of one, so links that share a namespace go as a group there.
 */
final class LinkRemoval {

  private static final Logger LOG = LoggerFactory.getLogger(LinkRemoval.class);
  private static final int WORTH_A_GROUP = 4;

  private final KernelLinks kernel;
  private final List<LinkRecord> records;

  LinkRemoval(KernelLinks kernel, List<LinkRecord> records) {
    this.kernel = kernel;
    this.records = records;
  }

  /** Removes them; those that failed, with the reason. */
  Map<LinkKey, Exception> run() {
    for (Map.Entry<String, List<LinkRecord>> shared : byBusiestNamespace().entrySet()) {
      if (shared.getValue().size() >= WORTH_A_GROUP) {
        deleteGroup(shared.getKey(), shared.getValue());
      }
    }
    Map<LinkKey, Exception> failures = new HashMap<>();
    for (LinkRecord record : records) {
      try {
        kernel.delete(record); // What no group took; of the rest it finds nothing left.
        kernel.records().delete(record.key());
      } catch (IOException | RuntimeException e) {
        failures.put(record.key(), e);
      }
    }
    return failures;
  }

  private Map<String, List<LinkRecord>> byBusiestNamespace() {
    Map<String, Integer> links = new HashMap<>();
    for (LinkRecord record : records) {
      record.ends().forEach(end -> links.merge(end.netnsUrl(), 1, Integer::sum));
    }
    Map<String, List<LinkRecord>> shared = new HashMap<>();
    for (LinkRecord record : records) {
      record.ends().stream()
          .map(LinkRecord.End::netnsUrl)
          .max((a, b) -> links.getOrDefault(a, 0) - links.getOrDefault(b, 0))
          .ifPresent(url -> shared.computeIfAbsent(url, u -> new ArrayList<>()).add(record));
    }
    return shared;
  }

  /** Best effort: what it leaves is deleted one by one. */
  private void deleteGroup(String url, List<LinkRecord> members) {
    // Nobody else's interface is in a group of this number.
    int group = ThreadLocalRandom.current().nextInt(1 << 30, Integer.MAX_VALUE);
    try {
      Optional<Namespaces.Open> namespace = kernel.ifThere(url);
      if (namespace.isEmpty()) {
        return;
      }
      int moved = 0;
      for (LinkRecord record : members) {
        moved += move(record, namespace.get(), group);
      }
      if (moved > 0) {
        namespace.get().netlink().deleteGroup(group);
      }
    } catch (IOException failure) {
      LOG.debug("links in {}: not removed as a group but one by one", url, failure);
    }
  }

  private int move(LinkRecord record, Namespaces.Open namespace, int group) throws IOException {
    for (LinkRecord.End end : record.ends()) {
      if (end.netnsUrl().equals(namespace.url())) {
        Optional<LinkInfo> info = kernel.ours(namespace.netlink(), record, end);
        if (info.isPresent()) {
          namespace.netlink().group(info.get(), group);
          return 1;
        }
      }
    }
    return 0;
  }
}
