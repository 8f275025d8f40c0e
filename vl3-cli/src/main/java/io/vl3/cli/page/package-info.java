/** The page of a network: what it shows, and who is asked for it. */
@NullMarked
package io.vl3.cli.page;

import org.jspecify.annotations.NullMarked;
