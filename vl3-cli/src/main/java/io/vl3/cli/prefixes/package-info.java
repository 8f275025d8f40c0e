/** The central IPAM as a process. */
@NullMarked
package io.vl3.cli.prefixes;

import org.jspecify.annotations.NullMarked;
