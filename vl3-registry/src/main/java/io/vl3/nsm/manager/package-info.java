/**
 * The machine's own embedded manager: NSM's registry, manager and kernel forwarder in one, which
 * the first process of the machine runs for all of them.
 */
@NullMarked
package io.vl3.nsm.manager;

import org.jspecify.annotations.NullMarked;
