package io.vl3.cli.config.mistake;

import java.util.function.Function;

/**
 * A value read from the file that still knows its place, so that a later check can point at it.
 *
 * @param at where it stands
 * @param path its key's path, such as {@code endpoints[0].vl3.ipam.prefix}
 * @param value the value
 * @param shown the value as written
 */
public record Located<T>(Position at, String path, T value, String shown) {

  public <R> Located<R> map(Function<T, R> change) {
    return new Located<>(at, path, change.apply(value), shown);
  }
}
