package io.vl3.connection;

/** Where a component's own tokens come from. Thread-safe; may cache. */
@FunctionalInterface
public interface TokenSource {

  /** A token that is valid now and for a good while yet. */
  Token token();
}
