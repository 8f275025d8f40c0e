/** Where our own certificate comes from: PEM files, or an agent of the SPIFFE Workload API. */
@NullMarked
package io.vl3.transport.svid;

import org.jspecify.annotations.NullMarked;
