/** The reports of the vl3 processes of a machine, as tables, records and drawings. */
@NullMarked
package io.vl3.cli.admin;

import org.jspecify.annotations.NullMarked;
