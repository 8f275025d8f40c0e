/** The registry of NSM: its client, its server, and one in memory. */
@NullMarked
package io.vl3.nsm.internal.registry;

import org.jspecify.annotations.NullMarked;
