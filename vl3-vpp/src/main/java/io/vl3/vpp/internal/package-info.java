/**
 * The agent's objects and how they are compared, its client, and the desired state that is sent to
 * it. The only package that sees the generated classes.
 */
@NullMarked
package io.vl3.vpp.internal;

import org.jspecify.annotations.NullMarked;
