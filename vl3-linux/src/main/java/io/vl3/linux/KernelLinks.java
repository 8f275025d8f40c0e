package io.vl3.linux;

import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkKey;
import io.vl3.failure.Reason;
import io.vl3.linux.internal.LinkInfo;
import io.vl3.linux.internal.RtNetlink;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The kernel and the records during one call of the data plane.
 *
 * @param tag the owner's mark
 * @param records the records of the owner's links
 * @param live the links that this process was told to keep, by id
 * @param removing ids of those that the same call removes
 * @param namespaces the open namespaces
 * @param nodeUrl the namespace that tunnels leave by
 */
record KernelLinks(
    OwnerTag tag,
    LinkRecords records,
    Map<String, Link> live,
    Set<String> removing,
    Namespaces namespaces,
    String nodeUrl) {

  String owner() {
    return tag.owner();
  }

  Namespaces.Open open(String url) throws IOException {
    return namespaces.open(url);
  }

  Namespaces.Open node() throws IOException {
    return namespaces.open(nodeUrl);
  }

  /** Whether the interface is ours and belongs to no link that is wanted. */
  boolean isLeftover(LinkInfo info, LinkKey except) {
    if (OwnerTag.halfMade(info)) {
      return records.all().stream()
          .flatMap(record -> record.ends().stream())
          .anyMatch(end -> end.name().equals(info.name()));
    }
    Optional<String> id = tag.linkId(info);
    return id.isPresent()
        && (id.get().equals(OwnerTag.id(except))
            || removing.contains(id.get())
            || !live.containsKey(id.get()));
  }

  void dropLeftover(RtNetlink netlink, LinkInfo info) throws IOException {
    netlink.delete(info);
    Optional<LinkRecord> record = tag.linkId(info).flatMap(records::find);
    if (record.isPresent()) {
      records.delete(record.get().key());
    }
  }

  /** Deletes what there is of a link's interfaces. */
  void delete(LinkRecord record) throws IOException {
    for (LinkRecord.End end : record.ends()) {
      Optional<Namespaces.Open> namespace = ifThere(end.netnsUrl());
      if (namespace.isPresent()) {
        RtNetlink netlink = namespace.get().netlink();
        Optional<LinkInfo> info = ours(netlink, record, end);
        if (info.isPresent()) {
          netlink.delete(info.get());
        }
      }
    }
  }

  /** Makes a link again that this process had made. */
  void restore(LinkKey key) throws IOException {
    Link link = live.get(OwnerTag.id(key));
    if (link != null) {
      new LinkPut(this, link, new Transaction(step -> {})).run();
    }
  }

  /** The recorded interface, if it is there and still carries our mark. */
  Optional<LinkInfo> ours(RtNetlink netlink, LinkRecord record, LinkRecord.End end)
      throws IOException {
    return netlink
        .link(end.name())
        .filter(info -> tag.marks(info, record.key(), end.side()) || OwnerTag.halfMade(info));
  }

  /** The namespace; empty if it is gone. */
  Optional<Namespaces.Open> ifThere(String url) throws IOException {
    try {
      return Optional.of(namespaces.open(url));
    } catch (IOException e) {
      // A deleted name may leave an empty file, which is no namespace: INVALID.
      Reason reason = LinkException.reason(e);
      if (reason == Reason.NOT_FOUND || reason == Reason.INVALID) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
