/**
 * A vpp-agent in memory that interprets its configurator API as the real one does, for tests of
 * whoever programs VPP.
 */
@NullMarked
package io.vl3.vpp.testing;

import org.jspecify.annotations.NullMarked;
