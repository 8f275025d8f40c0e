/** The embedded manager for tests of network service endpoints, as a JUnit 5 extension. */
@NullMarked
package io.vl3.nsm.junit;

import org.jspecify.annotations.NullMarked;
