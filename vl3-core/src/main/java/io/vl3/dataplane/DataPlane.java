package io.vl3.dataplane;

import io.vl3.net.IpAddress;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A programmer of links. It gets only what changed and reports per change; {@code LinkProgram}
 * keeps what is wanted and calls it.
 *
 * <p>Thread-safety: one call at a time, unless a method says otherwise. Calls block, bounded by the
 * implementation's own timeouts.
 */
public interface DataPlane extends AutoCloseable {

  /**
   * Makes changes, add before delete; goes on past a single failure.
   *
   * @param changes at most one per key
   * @return one outcome per change, in the same order
   */
  List<LinkOutcome> apply(List<LinkChange> changes);

  /**
   * The links with our owner tag that exist now, whether wanted or left over from an earlier life.
   * Foreign objects are never among them.
   */
  Set<LinkKey> observe();

  /**
   * Whether a put of a link that should be so already looks at what exists and mends it, at little
   * cost. Then every refresh of a connection is handed on; else only what changed is.
   */
  default boolean mendsOnPut() {
    return false;
  }

  /**
   * The MTU in bytes that a tunnel to another node has if it leaves by this address of ours, as its
   * device is now; empty if that is not known. May be asked at any time, also during another call.
   */
  default OptionalInt tunnelMtuBytes(IpAddress local) {
    return OptionalInt.empty();
  }

  /** Lets go of the programmer's own resources. Links stay as they are; idempotent. */
  @Override
  void close();
}
