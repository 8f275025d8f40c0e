/** Fixtures for tests that need network namespaces. */
@NullMarked
package io.vl3.linux.testing;

import org.jspecify.annotations.NullMarked;
