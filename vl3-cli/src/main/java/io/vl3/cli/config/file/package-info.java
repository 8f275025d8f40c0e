/**
 * The configuration file as text: YAML nodes with line and column, the keys that the file may have,
 * their JSON schema, and sections that read values by key.
 */
@NullMarked
package io.vl3.cli.config.file;

import org.jspecify.annotations.NullMarked;
