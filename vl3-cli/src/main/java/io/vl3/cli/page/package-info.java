/** The page of a network: an HTTP server of few things, and what it shows. */
@NullMarked
package io.vl3.cli.page;

import org.jspecify.annotations.NullMarked;
