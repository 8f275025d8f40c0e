/**
 * A DNS server for the names of workloads: it answers from a table, and asks the servers of peers
 * for the rest. Speaks UDP and TCP (RFC 1035, 2308, 6891, 7766) by messages of dnsjava; sockets are
 * opened where the settings say, in the endpoint's network namespace.
 */
@NullMarked
package io.vl3.nameserver.internal;

import org.jspecify.annotations.NullMarked;
