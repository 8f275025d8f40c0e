package io.vl3.cli.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What outlives the process.
 *
 * @param directory the run directory: sockets, locks, records of links
 * @param journals where each endpoint keeps who has which addresses; empty: nowhere
 */
public record StateConfig(Path directory, Optional<Path> journals) {}
