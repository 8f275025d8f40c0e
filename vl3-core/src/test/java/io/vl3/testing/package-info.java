/** What the tests of every module may need of the machine that they run on. */
@NullMarked
package io.vl3.testing;

import org.jspecify.annotations.NullMarked;
