package io.vl3.cli.assembly;

import io.vl3.linux.testing.RequiresNetns;

/** The same over mutual TLS on unix sockets: each component has an SVID and tokens of its own. */
@RequiresNetns
class SecuredChainFaultTest extends DefaultChainFaultTest {

  @Override
  boolean secured() {
    return true;
  }
}
