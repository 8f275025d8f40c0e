package io.vl3.nse;

import java.nio.file.Path;

/** The same with mechanism MEMIF: each endpoint programs its VPP by a vpp-agent. */
class VppChainFaultTest extends ChainFaultCases {

  @Override
  FaultWorld world(Path directory) throws Exception {
    return new FaultWorld(directory, new VppFaultPlane(directory), false);
  }
}
