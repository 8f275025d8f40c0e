package io.vl3.endpoint;

/**
 * The place of one kind of per-connection state. Compared by identity: whoever holds the key, and
 * nobody else, reaches the state.
 *
 * @param <T> the state's type, immutable
 */
@SuppressWarnings("UnusedTypeParameter") // it ties the value to the key in Session
public final class Key<T> {

  private final String name;

  private Key(String name) {
    this.name = name;
  }

  /** A new key; the name is for people. */
  public static <T> Key<T> named(String name) {
    return new Key<>(name);
  }

  @Override
  public String toString() {
    return name;
  }
}
