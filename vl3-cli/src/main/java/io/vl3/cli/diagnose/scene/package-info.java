/**
 * What there is to look at: processes with what they say of themselves, the files of the kernel,
 * namespaces, sockets. Whatever does not answer is a value here, never an end of the diagnosis.
 */
@NullMarked
package io.vl3.cli.diagnose.scene;

import org.jspecify.annotations.NullMarked;
