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
  private final boolean lasting;

  private Key(String name, boolean lasting) {
    this.name = name;
    this.lasting = lasting;
  }

  /** A new key; the name is for people. */
  public static <T> Key<T> named(String name) {
    return new Key<>(name, false);
  }

  /**
   * A new key of state that outlives a close for the choice of another endpoint, unless the element
   * removes it.
   */
  public static <T> Key<T> lasting(String name) {
    return new Key<>(name, true);
  }

  boolean lasting() {
    return lasting;
  }

  @Override
  public String toString() {
    return name;
  }
}
