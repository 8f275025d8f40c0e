package io.vl3.cli.config;

import java.nio.file.Path;

/**
 * What outlives the process.
 *
 * @param directory the run directory: sockets, locks, records of links
 */
public record StateConfig(Path directory) {}
