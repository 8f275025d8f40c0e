package io.vl3.vpp.internal.direct;

import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import io.vl3.vpp.api.ApiBytes;
import io.vl3.vpp.api.ApiStruct;

/** Addresses as VPP's messages have them (vnet/ip/ip_types.api). */
final class IpValues {

  private static final int IP6 = 1;

  private IpValues() {}

  /** The type prefix. */
  static ApiStruct prefix(IpPrefix prefix) {
    return prefix(prefix.address(), prefix.length());
  }

  /** The type address_with_prefix. */
  static ApiStruct prefix(InterfaceAddress address) {
    return prefix(address.address(), address.length());
  }

  private static ApiStruct prefix(IpAddress address, int length) {
    ApiStruct its = ApiStruct.of("af", is6(address) ? IP6 : 0).with("un", union(address));
    return ApiStruct.of("address", its).with("len", length);
  }

  /** The type address_union. */
  static ApiStruct union(IpAddress address) {
    return ApiStruct.of(is6(address) ? "ip6" : "ip4", bytes(address));
  }

  /** The octets of an address. */
  static ApiBytes bytes(IpAddress address) {
    return ApiBytes.of(address.toBytes());
  }

  /** An address of its octets. */
  static IpAddress address(ApiBytes octets) {
    return IpAddress.ofBytes(octets.toArray());
  }

  /** An address of a union, by its family. */
  static IpAddress address(ApiStruct union, IpFamily family) {
    return address(union.bytes(family == IpFamily.IPV6 ? "ip6" : "ip4"));
  }

  /** An interface's address. */
  static InterfaceAddress interfaceAddress(ApiStruct prefix) {
    ApiStruct address = prefix.struct("address");
    return new InterfaceAddress(
        address(address.struct("un"), family(address)), prefix.intValue("len"));
  }

  /** A route's destination. */
  static IpPrefix destination(ApiStruct prefix) {
    ApiStruct address = prefix.struct("address");
    return IpPrefix.containing(
        address(address.struct("un"), family(address)), prefix.intValue("len"));
  }

  private static IpFamily family(ApiStruct address) {
    return address.number("af") == IP6 ? IpFamily.IPV6 : IpFamily.IPV4;
  }

  static boolean is6(IpAddress address) {
    return address.family() == IpFamily.IPV6;
  }
}
