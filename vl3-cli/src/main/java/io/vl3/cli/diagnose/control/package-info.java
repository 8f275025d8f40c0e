/** Checks of what NSEs talk to: manager, registry, IPAM, what programs the data plane. */
@NullMarked
package io.vl3.cli.diagnose.control;

import org.jspecify.annotations.NullMarked;
