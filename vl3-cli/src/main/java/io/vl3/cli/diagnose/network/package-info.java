/** Checks of what packets pass: namespaces of NSEs, their links, and what lies behind them. */
@NullMarked
package io.vl3.cli.diagnose.network;

import org.jspecify.annotations.NullMarked;
