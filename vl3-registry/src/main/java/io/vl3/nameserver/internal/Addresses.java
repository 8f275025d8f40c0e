package io.vl3.nameserver.internal;

import io.vl3.net.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Turns our addresses into Java's. */
final class Addresses {

  private Addresses() {}

  static InetAddress of(IpAddress address) {
    try {
      return InetAddress.getByAddress(address.toBytes());
    } catch (UnknownHostException wrongLength) {
      throw new IllegalStateException("address: " + address, wrongLength);
    }
  }
}
