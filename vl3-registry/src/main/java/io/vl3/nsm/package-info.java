/**
 * Everything that talks to a network service manager: the registry client, endpoints and clients
 * run against a manager, and the machine's own embedded manager with its in-memory registry.
 */
@NullMarked
package io.vl3.nsm;

import org.jspecify.annotations.NullMarked;
