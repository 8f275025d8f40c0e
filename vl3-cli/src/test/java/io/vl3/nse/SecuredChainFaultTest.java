package io.vl3.nse;

import io.vl3.linux.testing.RequiresNetns;
import java.nio.file.Path;

/** The same over mutual TLS on unix sockets: each component has an SVID and tokens of its own. */
@RequiresNetns
class SecuredChainFaultTest extends ChainFaultCases {

  /** Asking the kernel takes most of the time, and TLS changes nothing there. */
  @Override
  FaultWorld world(Path directory) throws Exception {
    return new FaultWorld(directory, new KernelFaultPlane(directory, false), true);
  }
}
