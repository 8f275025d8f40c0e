/**
 * What a data plane must offer, and the keyed desired state of links that is reconciled with it.
 */
@NullMarked
package io.vl3.dataplane;

import org.jspecify.annotations.NullMarked;
