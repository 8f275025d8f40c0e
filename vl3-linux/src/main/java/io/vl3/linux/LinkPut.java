package io.vl3.linux;

import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome.Applied;
import io.vl3.failure.Reason;
import io.vl3.linux.internal.LinkInfo;
import io.vl3.linux.internal.MacAddress;
import io.vl3.linux.internal.NetlinkException;
import io.vl3.linux.internal.RtNetlink;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes one link be as wanted, in one transaction. */
final class LinkPut {

  private static final int VETH_MTU_BYTES = 1500;
  private static final int VXLAN_IPV4_OVERHEAD_BYTES = 50;
  private static final int VXLAN_IPV6_OVERHEAD_BYTES = 70;

  private final KernelLinks kernel;
  private final LinkPlan plan;
  private final LinkKey key;
  private final Transaction transaction;

  LinkPut(KernelLinks kernel, Link link, Transaction transaction) throws LinkException {
    this.kernel = kernel;
    this.plan = LinkPlan.of(link);
    this.key = link.key();
    this.transaction = transaction;
  }

  Applied run() throws IOException {
    LinkRecord wanted = record();
    dropIfMoved(wanted);
    List<LinkInfo> found = new ArrayList<>();
    for (LinkPlan.End end : plan.ends()) {
      inspect(end).ifPresent(found::add);
    }
    if (found.size() == plan.ends().size()) {
      return adopt(wanted, found);
    }
    if (!found.isEmpty()) {
      transaction.step("remove half of " + key, () -> kernel.delete(wanted));
    }
    return create(wanted);
  }

  private LinkRecord record() throws IOException {
    List<LinkRecord.End> ends = new ArrayList<>();
    for (LinkPlan.End end : plan.ends()) {
      Namespaces.Open namespace = kernel.open(end.at().netns());
      ends.add(new LinkRecord.End(end.side(), namespace.id(), end.at().name(), end.at().netns()));
    }
    return new LinkRecord(kernel.owner(), key, plan.tunnelText(), ends);
  }

  /** A link whose ends are to be elsewhere is made anew; if that fails, the old one comes back. */
  private void dropIfMoved(LinkRecord wanted) throws IOException {
    Optional<LinkRecord> old = kernel.records().find(key);
    if (old.isEmpty() || old.get().sameAttachments(wanted)) {
      return;
    }
    for (LinkPlan.End end : plan.ends()) {
      inspect(end); // A conflict at the new place is seen before the old link is touched.
    }
    transaction.step(
        "remove moved " + key, () -> kernel.delete(old.get()), () -> kernel.restore(key));
    transaction.step("forget moved " + key, () -> kernel.records().delete(key));
  }

  /** Our own interface; empty if the name is free, or became free because it was a leftover. */
  private Optional<LinkInfo> inspect(LinkPlan.End end) throws IOException {
    RtNetlink netlink = kernel.open(end.at().netns()).netlink();
    Optional<LinkInfo> found = netlink.link(end.at().name());
    if (found.isEmpty() || kernel.tag().marks(found.get(), key, end.side())) {
      return found;
    }
    LinkInfo other = found.get();
    if (!kernel.isLeftover(other, key)) {
      throw conflict(end, other);
    }
    transaction.step("remove leftover " + other.name(), () -> kernel.dropLeftover(netlink, other));
    return Optional.empty();
  }

  private Applied adopt(LinkRecord wanted, List<LinkInfo> found) throws IOException {
    if (!kernel.records().find(key).filter(wanted::equals).isPresent()) {
      kernel.records().write(wanted); // Found by its tags alone, or by another URL.
    }
    return configure(false, found, mtuBytes());
  }

  private Applied create(LinkRecord wanted) throws IOException {
    int mtuBytes = mtuBytes();
    transaction.step(
        "record " + key, () -> kernel.records().write(wanted), () -> kernel.records().delete(key));
    transaction.step(
        "create " + key, () -> createInterfaces(mtuBytes), () -> kernel.delete(wanted));
    List<LinkInfo> made = new ArrayList<>();
    for (LinkPlan.End end : plan.ends()) {
      RtNetlink netlink = kernel.open(end.at().netns()).netlink();
      LinkInfo info = existing(netlink, end);
      transaction.step(
          "tag " + end.side() + " of " + key,
          () -> netlink.alias(info, kernel.tag().alias(key, end.side())));
      made.add(info);
    }
    return configure(true, made, mtuBytes);
  }

  private void createInterfaces(int mtuBytes) throws IOException {
    LinkPlan.End first = plan.ends().get(0);
    Namespaces.Open at = kernel.open(first.at().netns());
    try {
      if (plan.tunnel().isPresent()) {
        kernel
            .node()
            .netlink()
            .createVxlan(
                first.at().name(), at.handle(), plan.tunnel().get(), mtuBytes, OwnerTag.GROUP);
        return;
      }
      LinkPlan.End second = plan.ends().get(1);
      at.netlink()
          .createVeth(
              first.at().name(),
              second.at().name(),
              kernel.open(second.at().netns()).handle(),
              mtuBytes,
              OwnerTag.GROUP);
    } catch (NetlinkException e) {
      // The names were free a moment ago, so for a tunnel it is the VNI that is taken.
      if (e.is(NetlinkException.EEXIST) && plan.tunnel().isPresent()) {
        throw new LinkException(
            Reason.CONFLICT,
            "vni: %d (expected: one that is free on this node) [%s]"
                .formatted(plan.tunnel().get().vni(), e.getMessage()));
      }
      throw e;
    }
  }

  private Applied configure(boolean fresh, List<LinkInfo> infos, int mtuBytes) throws IOException {
    List<EndProgram> programs = new ArrayList<>();
    for (int i = 0; i < infos.size(); i++) {
      LinkPlan.End end = plan.ends().get(i);
      RtNetlink netlink = kernel.open(end.at().netns()).netlink();
      programs.add(new EndProgram(netlink, infos.get(i), end, fresh, transaction));
    }
    for (EndProgram program : programs) {
      program.setMtu(mtuBytes);
      program.addAddresses();
      program.setUp();
    }
    for (EndProgram program : programs) {
      program.addRoutes();
    }
    List<List<IpAddress>> removed = new ArrayList<>();
    for (EndProgram program : programs) {
      removed.add(program.removeSurplus());
    }
    if (programs.size() == 2) {
      setNeighbours(programs, infos, removed);
    }
    return new Applied(transaction.changed(), mtuBytes);
  }

  /**
   * Only where both ends are here: nobody says what the other end of a tunnel has. Last, as the
   * kernel may forget an interface's neighbours with an address.
   */
  private static void setNeighbours(
      List<EndProgram> programs, List<LinkInfo> infos, List<List<IpAddress>> removed)
      throws IOException {
    for (int i = 0; i < programs.size(); i++) {
      int other = 1 - i;
      Optional<MacAddress> mac = infos.get(other).mac();
      if (mac.isPresent()) {
        programs.get(i).addNeighbours(mac.get());
      }
      programs.get(i).removeNeighbours(removed.get(other));
    }
  }

  /** The MTU that is asked for; a tunnel's is no larger than its underlay carries whole. */
  private int mtuBytes() throws IOException {
    int asked = plan.link().mtuBytes() > 0 ? plan.link().mtuBytes() : VETH_MTU_BYTES;
    if (plan.tunnel().isEmpty()) {
      return asked;
    }
    IpAddress remote = plan.tunnel().get().remote();
    int underlay = kernel.node().netlink().pathMtu(remote).orElse(VETH_MTU_BYTES);
    return Math.min(asked, underlay - tunnelOverheadBytes(remote));
  }

  /** The bytes of the outer headers: Ethernet 14, UDP 8, VXLAN 8, and IPv4 20 or IPv6 40. */
  static int tunnelOverheadBytes(IpAddress outer) {
    return outer.family() == IpFamily.IPV4 ? VXLAN_IPV4_OVERHEAD_BYTES : VXLAN_IPV6_OVERHEAD_BYTES;
  }

  private static LinkInfo existing(RtNetlink netlink, LinkPlan.End end) throws IOException {
    return netlink
        .link(end.at().name())
        .orElseThrow(
            () ->
                new LinkException(
                    Reason.UNAVAILABLE,
                    "interface: %s in %s (expected: there) [it vanished while it was set up]"
                        .formatted(end.at().name(), end.at().netns())));
  }

  private LinkException conflict(LinkPlan.End end, LinkInfo other) {
    String holder =
        kernel.tag().linkId(other).isPresent()
            ? "held by connection %s, which is still open".formatted(other.alias())
            : "an interface that is not ours";
    return new LinkException(
        Reason.CONFLICT,
        "interface: %s in %s (expected: a free name) [%s]"
            .formatted(end.at().name(), end.at().netns(), holder));
  }
}
