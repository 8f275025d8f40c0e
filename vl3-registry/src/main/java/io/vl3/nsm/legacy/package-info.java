/**
 * The 0.2 API of NSM, as the original vL3 used it: the workspace, the registry, the network service
 * and its monitor, in the domain's terms. What differs from v1 is settled here.
 */
@NullMarked
package io.vl3.nsm.legacy;

import org.jspecify.annotations.NullMarked;
