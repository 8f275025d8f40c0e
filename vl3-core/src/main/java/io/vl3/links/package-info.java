/**
 * What an NSE needs of the data plane behind its links, whatever that is: elements for its chains,
 * a probe, a place for sockets. Implemented by the modules that program links; seen by who builds
 * NSEs.
 */
@NullMarked
package io.vl3.links;

import org.jspecify.annotations.NullMarked;
