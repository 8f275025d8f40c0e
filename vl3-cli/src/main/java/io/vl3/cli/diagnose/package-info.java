/** {@code vl3 diagnose}: all checks, which of their findings is the cause, and how it is told. */
@NullMarked
package io.vl3.cli.diagnose;

import org.jspecify.annotations.NullMarked;
