/** How the DNS server for the names of workloads serves. */
@NullMarked
package io.vl3.nameserver;

import org.jspecify.annotations.NullMarked;
