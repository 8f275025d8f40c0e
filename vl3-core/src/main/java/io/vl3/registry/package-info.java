/**
 * What a registry of network service endpoints must offer, and discovery of peers through it as an
 * element.
 */
@NullMarked
package io.vl3.registry;

import org.jspecify.annotations.NullMarked;
