/**
 * What is wrong with a running process and what happened in it: components report it as it begins
 * and ends, and whoever looks reads it. Knows none of the components.
 */
@NullMarked
package io.vl3.health;

import org.jspecify.annotations.NullMarked;
