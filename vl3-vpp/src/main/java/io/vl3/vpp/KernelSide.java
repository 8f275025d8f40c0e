package io.vl3.vpp;

import java.io.IOException;
import java.util.OptionalLong;

/**
 * The network namespace of the kernel in which an NSE with a VPP has its kernel interfaces. It is a
 * router of its own, which hands to VPP what it has no interface for.
 *
 * <p>Called by one thread at a time.
 */
public interface KernelSide {

  /** The namespace as {@code file://PATH}, for who makes interfaces there. */
  String netnsUrl();

  /**
   * Sees to it that the way leads from the namespace to VPP, and mends it. Blocks for a few
   * milliseconds; called at every look at VPP.
   *
   * @param vppProcess the process that VPP says it is
   * @return whether VPP's end is another interface than before, which VPP has to take anew
   * @throws IOException if it does not lead there, and why
   */
  boolean prepare(KernelWay way, OptionalLong vppProcess) throws IOException;
}
