/** The words of a diagnosis: faults, in the order of causes, and what checks answer. */
@NullMarked
package io.vl3.cli.diagnose.model;

import org.jspecify.annotations.NullMarked;
