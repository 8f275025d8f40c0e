package io.vl3.nse;

import io.vl3.linux.testing.RequiresNetns;
import java.nio.file.Path;

/** Faults in the default chains while the kernel makes the links. */
@RequiresNetns
class DefaultChainFaultTest extends ChainFaultCases {

  @Override
  FaultWorld world(Path directory) throws Exception {
    return new FaultWorld(directory, new KernelFaultPlane(directory, true), false);
  }
}
