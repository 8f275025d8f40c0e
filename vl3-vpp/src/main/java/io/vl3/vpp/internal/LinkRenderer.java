package io.vl3.vpp.internal;

import io.vl3.api.ligato.vpp.interfaces.AfpacketLink;
import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.interfaces.MemifLink;
import io.vl3.api.ligato.vpp.l3.VrfTable;
import io.vl3.dataplane.Attachment;
import io.vl3.dataplane.Attachment.HostInterface;
import io.vl3.dataplane.Attachment.Memif;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkEnd;
import io.vl3.dataplane.PortForward;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpFamily;
import io.vl3.vpp.MemifSettings;
import io.vl3.vpp.VppSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Writes a link as the agent's objects. An address that is the link's own is set on its interface.
 * An address that many links show (a connection has it as /32 or /128) is lent by the {@link
 * Lender}. Either is set without its network: VPP refuses an address that lies in another's
 * network, and the first /30 of a prefix holds the address that peers see.
 */
final class LinkRenderer {

  /** What VPP gives its interfaces: links behind have their own, which the kernel sees to. */
  private static final int HOST_MTU = 9000;

  private final VppSettings settings;
  private final OwnerNames names;
  private final NatRenderer nat;
  private final boolean mtuOfPackets;

  /**
   * A renderer.
   *
   * @param mtuOfPackets whether an interface without frames can be told an MTU
   */
  LinkRenderer(VppSettings settings, OwnerNames names, boolean mtuOfPackets) {
    this.settings = settings;
    this.mtuOfPackets = mtuOfPackets;
    this.names = names;
    this.nat = new NatRenderer(settings, names);
  }

  /**
   * The objects of a link.
   *
   * @param interfaceName the name that its interface has, or will get
   * @throws EndpointException INVALID if neither end, or both, are ours
   */
  LinkItems render(Link link, String interfaceName) throws EndpointException {
    LinkEnd end = ownEnd(link);
    if (end.attachment() instanceof HostInterface host) {
      return behind(link, end, host);
    }
    Memif memif = (Memif) end.attachment();
    List<Item> items = new ArrayList<>(tables(end));
    Interface.Builder face = memif(link, memif, interfaceName);
    if (isLent(end)) {
      Interface loopback = loopback(end);
      items.add(Item.of(loopback));
      face.setUnnumbered(Interface.Unnumbered.newBuilder().setInterfaceWithIp(loopback.getName()));
    } else {
      face.setVrf(settings.vrf());
      hostAddresses(end).forEach(face::addIpAddresses);
    }
    items.add(Item.of(face.build()));
    items.addAll(RouteRenderer.routes(end, interfaceName, settings.vrf()));
    items.addAll(nat.items(link, interfaceName));
    return new LinkItems(interfaceName, items, claims(link));
  }

  /** A link that lies behind the interface that all those of the kernel share. */
  private LinkItems behind(Link link, LinkEnd end, HostInterface host) throws EndpointException {
    List<Item> items = new ArrayList<>(tables(end));
    String shared = names.hostName();
    Interface.Builder face =
        Interface.newBuilder()
            .setName(shared)
            .setType(Interface.Type.AF_PACKET)
            .setEnabled(true)
            .setVrf(settings.vrf())
            .setMtu(HOST_MTU)
            .setAfpacket(AfpacketLink.newBuilder().setHostIfName(host.device()));
    end.addresses().forEach(address -> face.addIpAddresses(address.toString()));
    items.add(Item.of(face.build()));
    items.addAll(RouteRenderer.routes(end, shared, settings.vrf()));
    items.addAll(nat.items(link, shared));
    return new LinkItems(shared, items, claims(link));
  }

  /**
   * The claims that no other link may have: its socket, its ports of the NAT address.
   *
   * @throws EndpointException INVALID if neither end, or both, are ours
   */
  Set<String> claims(Link link) throws EndpointException {
    Set<String> claims = new HashSet<>();
    if (ownEnd(link).attachment() instanceof Memif memif) {
      claims.add("socket " + memif.socket());
    }
    NatRenderer.forwards(link).forEach(forward -> nat.claim(forward).ifPresent(claims::add));
    return claims;
  }

  /** The claim of a forward; empty where no NAT address is set. */
  Optional<String> claim(PortForward forward) {
    return nat.claim(forward);
  }

  /**
   * The MTU that both sides of the link are told, in bytes; 0: VPP's own. An agent can tell it only
   * of an interface with frames: VPP refuses what the agent asks for one that carries packets
   * (-30), which then takes what comes.
   */
  int mtuBytes(Link link) {
    int own = settings.memif().mtuBytes();
    int wanted = link.mtuBytes();
    return own == 0 || (wanted != 0 && wanted < own) ? wanted : own;
  }

  private static LinkEnd ownEnd(Link link) throws EndpointException {
    List<LinkEnd> own =
        Stream.of(link.client(), link.endpoint()).filter(end -> isOurs(end.attachment())).toList();
    if (own.size() != 1) {
      throw new EndpointException(
          Reason.INVALID,
          "link %s: %d ends of ours (expected: one, the other is elsewhere)"
              .formatted(link.key(), own.size()));
    }
    return own.get(0);
  }

  private static boolean isOurs(Attachment attachment) {
    return attachment instanceof Memif || attachment instanceof HostInterface;
  }

  private Interface.Builder memif(Link link, Memif memif, String name) {
    MemifSettings made = settings.memif();
    return Interface.newBuilder()
        .setName(name)
        .setType(Interface.Type.MEMIF)
        .setEnabled(true)
        .setMtu(mtuOfPackets || memif.ethernet() ? mtuBytes(link) : 0)
        .addRxModes(
            Interface.RxMode.newBuilder()
                .setMode(Interface.RxMode.Type.valueOf(made.rxMode().name()))
                .setDefaultMode(true))
        .setMemif(
            MemifLink.newBuilder()
                .setMaster(memif.master())
                .setMode(memif.ethernet() ? MemifLink.MemifMode.ETHERNET : MemifLink.MemifMode.IP)
                .setSocketFilename(memif.socket())
                .setRingSize(made.ringSize())
                .setRxQueues(made.rxQueues())
                .setTxQueues(made.txQueues()));
  }

  private static boolean isLent(LinkEnd end) {
    return !end.addresses().isEmpty()
        && end.addresses().stream().allMatch(a -> a.length() == a.family().bits());
  }

  private Interface loopback(LinkEnd end) {
    Interface.Builder face =
        Interface.newBuilder()
            .setName(names.loopbackName())
            .setType(Interface.Type.SOFTWARE_LOOPBACK)
            .setEnabled(true)
            .setVrf(settings.vrf());
    hostAddresses(end).forEach(face::addIpAddresses);
    return face.build();
  }

  private static List<String> hostAddresses(LinkEnd end) {
    return end.addresses().stream()
        .map(address -> InterfaceAddress.host(address.address()).toString())
        .toList();
  }

  private List<Item> tables(LinkEnd end) {
    if (settings.vrf() == 0) {
      return List.of();
    }
    Set<IpFamily> families = new TreeSet<>();
    end.addresses().stream().map(InterfaceAddress::family).forEach(families::add);
    end.routes().forEach(route -> families.add(route.destination().family()));
    end.neighbours().forEach(neighbour -> families.add(neighbour.family()));
    return families.stream().map(this::table).toList();
  }

  private Item table(IpFamily family) {
    return Item.of(
        VrfTable.newBuilder()
            .setId(settings.vrf())
            .setProtocol(VrfTable.Protocol.valueOf(family.name()))
            .setLabel(names.label())
            .build());
  }
}
