package io.vl3.vpp.api;

import java.util.Optional;

/**
 * A field of a message or a structure.
 *
 * @param name its name
 * @param type how it is written
 * @param standard the number that it has if a message does not say
 */
public record ApiField(String name, ApiType type, Optional<Long> standard) {}
