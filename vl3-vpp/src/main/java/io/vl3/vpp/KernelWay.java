package io.vl3.vpp;

import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import io.vl3.vpp.internal.OwnerNames;
import java.util.List;

/**
 * The names and numbers of the way between an owner's VPP and its network namespace of the kernel:
 * a pair of interfaces, one end of which VPP takes for itself. They follow from the owner's name,
 * so that a successor finds them, and two owners do not share them.
 *
 * @param device the name of VPP's end, where VPP is
 * @param mac the hardware address that VPP answers to, six bytes in hexadecimal digits
 * @param hops the addresses of both ends, one of each family; nobody else ever sees them
 */
public record KernelWay(String device, String mac, List<Hop> hops) {

  /** IFNAMSIZ of linux/if.h leaves 15 characters. */
  private static final String DEVICE = "vl3v-%s";

  /**
   * The addresses of one family.
   *
   * @param vpp VPP's address: link-local (RFC 3927), or unique local (RFC 4193)
   * @param kernel the address of the kernel's end
   */
  public record Hop(IpAddress vpp, IpAddress kernel) {}

  /** Copies the list. */
  public KernelWay {
    hops = List.copyOf(hops);
  }

  /** The way of an owner. */
  public static KernelWay of(String owner) {
    OwnerNames names = new OwnerNames(owner);
    byte[] bits = names.hostBits();
    return new KernelWay(
        DEVICE.formatted(names.tag()),
        OwnerNames.macOf(names.hostName()),
        List.of(hop(IpFamily.IPV4, bits), hop(IpFamily.IPV6, bits)));
  }

  /** VPP's addresses, each in a network of two (RFC 3021): it hears nobody's ARP from elsewhere. */
  public List<InterfaceAddress> addresses() {
    return hops.stream()
        .map(hop -> new InterfaceAddress(hop.vpp(), hop.vpp().family().bits() - 1))
        .toList();
  }

  List<IpAddress> neighbours() {
    return hops.stream().map(Hop::kernel).toList();
  }

  private static Hop hop(IpFamily family, byte[] bits) {
    return new Hop(address(family, bits, 0), address(family, bits, 1));
  }

  /** 169.254.1.0 to 169.254.254.255 are for free use; of IPv6 a site of 40 random bits. */
  private static IpAddress address(IpFamily family, byte[] bits, int end) {
    int third = 1 + Byte.toUnsignedInt(bits[0]) % 254;
    byte fourth = (byte) (bits[1] << 1 | end);
    if (family == IpFamily.IPV4) {
      return IpAddress.ofBytes(new byte[] {(byte) 169, (byte) 254, (byte) third, fourth});
    }
    byte[] six = new byte[16];
    six[0] = (byte) 0xfd;
    System.arraycopy(bits, 2, six, 1, 5);
    six[15] = (byte) (2 + end);
    return IpAddress.ofBytes(six);
  }
}
