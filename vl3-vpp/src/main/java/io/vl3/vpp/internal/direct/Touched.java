package io.vl3.vpp.internal.direct;

import io.vl3.vpp.internal.direct.Image.Table;
import io.vl3.vpp.internal.direct.Image.Way;
import java.util.HashSet;
import java.util.Set;

/**
 * What of a VPP we told otherwise while its state was being read: of that the read may show what
 * was before, what is, or something between. Not thread-safe.
 */
final class Touched {

  private final Set<Integer> faces = new HashSet<>();
  private final Set<Way> ways = new HashSet<>();
  private final Set<Table> tables = new HashSet<>();
  private final Set<String> translation = new HashSet<>();
  private final Set<Long> sockets = new HashSet<>();

  /** Numbers of interfaces. */
  Set<Integer> faces() {
    return faces;
  }

  Set<Way> ways() {
    return ways;
  }

  Set<Table> tables() {
    return tables;
  }

  /** Keys of parts of the address translation. */
  Set<String> translation() {
    return translation;
  }

  /** Numbers of sockets. */
  Set<Long> sockets() {
    return sockets;
  }
}
