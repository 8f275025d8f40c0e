/** What the vl3 processes of a machine say of themselves, as tables, records and drawings. */
@NullMarked
package io.vl3.cli.admin;

import org.jspecify.annotations.NullMarked;
