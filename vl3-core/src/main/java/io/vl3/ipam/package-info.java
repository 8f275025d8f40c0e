/**
 * Addresses for workloads: the pool, where an endpoint's own prefix comes from, the endpoint that
 * assigns addresses and routes, and the plan that shows beforehand what they will be.
 */
@NullMarked
package io.vl3.ipam;

import org.jspecify.annotations.NullMarked;
