/** How expected failures are said: a coded reason, and a message that names the root cause. */
@NullMarked
package io.vl3.failure;

import org.jspecify.annotations.NullMarked;
