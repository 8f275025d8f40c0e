/**
 * Puts the parts together: the default chain of an NSE, an NSE with its namespace and mesh, a
 * client with its attachments, the machine's manager, and the threads and locks that they run with.
 */
@NullMarked
package io.vl3.cli.assembly;

import org.jspecify.annotations.NullMarked;
