/**
 * The kernel of this machine as a data plane: network namespaces, links between them by veth and
 * VXLAN, and what a router's namespace needs. Every object made here carries an owner tag.
 */
@NullMarked
package io.vl3.linux;

import org.jspecify.annotations.NullMarked;
