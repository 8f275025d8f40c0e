/** Writes what workloads are told of names into the {@code resolv.conf} of their programs. */
@NullMarked
package io.vl3.cli.resolver;

import org.jspecify.annotations.NullMarked;
