package io.vl3.linux;

import io.vl3.dataplane.DataPlane;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkChange.Put;
import io.vl3.dataplane.LinkChange.Remove;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.dataplane.LinkOutcome.Applied;
import io.vl3.dataplane.LinkOutcome.Failed;
import io.vl3.linux.internal.LinkInfo;
import io.vl3.net.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Links made of kernel interfaces: a veth pair between two network namespaces of this node, or a
 * VXLAN device towards another node.
 *
 * <p>Every interface carries the alias {@code vl3:OWNER:KEY:SIDE}, and a record of every link
 * stands in a directory, so that a successor with the same owner name finds what a killed process
 * left: a link that is put again is kept as it is, packets go on. An interface without our alias is
 * never touched. One process at a time may use an owner name and directory; see {@link
 * io.vl3.internal.process.ProcessLock}.
 *
 * <p>Thread-safe; calls take turns. Each kernel operation has a time limit of seconds.
 */
public final class KernelDataPlane implements DataPlane {

  private final OwnerTag tag;
  private final LinkRecords records;
  private final String nodeUrl;
  private final NetnsLocator locator;
  private final Transaction.Gate gate;
  private final Map<String, Link> live = new HashMap<>();
  private final AtomicLong messages = new AtomicLong();

  /**
   * A data plane that begins with what the records say.
   *
   * @param owner who tags the links, 1 to 64 letters, digits, {@code _ . -}; the same in each life
   * @param recordDirectory where the records stand; made if missing
   * @param node the namespace that tunnels to other nodes leave by
   * @param locator finds the namespaces of links
   * @throws IOException if the directory cannot be used
   */
  public KernelDataPlane(String owner, Path recordDirectory, Netns node, NetnsLocator locator)
      throws IOException {
    this(owner, recordDirectory, node, locator, step -> {});
  }

  KernelDataPlane(
      String owner, Path recordDirectory, Netns node, NetnsLocator locator, Transaction.Gate gate)
      throws IOException {
    this.tag = new OwnerTag(owner);
    this.records = LinkRecords.load(recordDirectory, owner);
    this.nodeUrl = node.url();
    this.locator = url -> url.equals(node.url()) ? node : locator.locate(url);
    this.gate = gate;
  }

  @Override
  public synchronized List<LinkOutcome> apply(List<LinkChange> changes) {
    return inKernel(removing(changes), kernel -> apply(kernel, changes));
  }

  @Override
  public synchronized Set<LinkKey> observe() {
    return inKernel(Set.of(), this::observe);
  }

  /**
   * Interfaces can be taken down or deleted behind our back; a look takes some tens of
   * microseconds.
   */
  @Override
  public boolean mendsOnPut() {
    return true;
  }

  /** By the device that has the address; a loopback leads nowhere. Takes no turn. */
  @Override
  public OptionalInt tunnelMtuBytes(IpAddress local) {
    return inKernel(Set.of(), kernel -> tunnelMtuBytes(kernel, local));
  }

  private static OptionalInt tunnelMtuBytes(KernelLinks kernel, IpAddress local)
      throws IOException {
    return kernel
        .node()
        .netlink()
        .holder(local)
        .filter(device -> !device.loopback())
        .map(device -> OptionalInt.of(device.mtuBytes() - LinkPut.tunnelOverheadBytes(local)))
        .orElse(OptionalInt.empty());
  }

  /** How many messages have passed to the kernel and back, for who counts what a link costs. */
  long messages() {
    return messages.get();
  }

  @Override
  public void close() {
    records.leave();
  }

  private List<LinkOutcome> apply(KernelLinks kernel, List<LinkChange> changes) {
    Map<LinkKey, LinkOutcome> outcomes = new HashMap<>();
    for (LinkChange change : changes) {
      if (change instanceof Put put) {
        outcomes.put(put.key(), put(kernel, put.link()));
      }
    }
    outcomes.putAll(remove(kernel, changes));
    List<LinkOutcome> inOrder = new ArrayList<>();
    for (LinkChange change : changes) {
      inOrder.add(outcomes.getOrDefault(change.key(), new Applied(false, 0)));
    }
    return inOrder;
  }

  private LinkOutcome put(KernelLinks kernel, Link link) {
    Transaction transaction = new Transaction(gate);
    try {
      Applied applied = new LinkPut(kernel, link, transaction).run();
      live.put(OwnerTag.id(link.key()), link);
      return applied;
    } catch (IOException | RuntimeException e) {
      transaction.rollback(e);
      return failed(e);
    }
  }

  private Map<LinkKey, LinkOutcome> remove(KernelLinks kernel, List<LinkChange> changes) {
    List<LinkRecord> known = new ArrayList<>();
    for (LinkChange change : changes) {
      if (change instanceof Remove remove) {
        records.find(remove.key()).ifPresent(known::add);
        live.remove(OwnerTag.id(remove.key()));
      }
    }
    Map<LinkKey, Exception> failures = new LinkRemoval(kernel, known).run();
    Map<LinkKey, LinkOutcome> outcomes = new HashMap<>();
    for (LinkRecord record : known) {
      Exception failure = failures.get(record.key());
      outcomes.put(record.key(), failure == null ? new Applied(true, 0) : failed(failure));
    }
    return outcomes;
  }

  private Set<LinkKey> observe(KernelLinks kernel) throws IOException {
    Set<LinkKey> found = new HashSet<>();
    for (LinkRecord record : records.all()) {
      if (exists(kernel, record)) {
        found.add(record.key());
      } else if (!live.containsKey(OwnerTag.id(record.key()))) {
        records.delete(record.key());
      }
    }
    return found;
  }

  private static boolean exists(KernelLinks kernel, LinkRecord record) throws IOException {
    for (LinkRecord.End end : record.ends()) {
      Optional<Namespaces.Open> namespace = kernel.ifThere(end.netnsUrl());
      if (namespace.isPresent()) {
        Optional<LinkInfo> info = kernel.ours(namespace.get().netlink(), record, end);
        if (info.isPresent()) {
          return true;
        }
      }
    }
    return false;
  }

  private static Set<String> removing(List<LinkChange> changes) {
    Set<String> ids = new TreeSet<>();
    for (LinkChange change : changes) {
      if (change instanceof Remove remove) {
        ids.add(OwnerTag.id(remove.key()));
      }
    }
    return ids;
  }

  private static Failed failed(Exception failure) {
    return new Failed(LinkException.reason(failure), String.valueOf(failure.getMessage()));
  }

  private interface Work<T> {
    T run(KernelLinks kernel) throws IOException;
  }

  /** Entering a namespace spoils a thread, so each call has one of its own. */
  private <T> T inKernel(Set<String> removing, Work<T> work) {
    try {
      return Netns.onOwnThread(
          "kernel data plane",
          () -> {
            try (Namespaces namespaces = new Namespaces(locator)) {
              try {
                return work.run(new KernelLinks(tag, records, live, removing, namespaces, nodeUrl));
              } finally {
                messages.addAndGet(namespaces.messages());
              }
            }
          });
    } catch (RuntimeException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException(
          "kernel data plane: %s (expected: an outcome)".formatted(e), e);
    }
  }
}
