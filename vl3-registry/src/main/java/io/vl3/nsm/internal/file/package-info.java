/**
 * Files that travel beside requests: network namespaces and sockets, named by inode, held as long
 * as the connection that names them.
 */
@NullMarked
package io.vl3.nsm.internal.file;

import org.jspecify.annotations.NullMarked;
