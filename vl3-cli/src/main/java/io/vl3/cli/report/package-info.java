/**
 * One archive for a bug report: what can be seen of the processes, namespaces and files of a
 * machine, without secrets. Every text passes the redactor on its way in.
 */
@NullMarked
package io.vl3.cli.report;

import org.jspecify.annotations.NullMarked;
