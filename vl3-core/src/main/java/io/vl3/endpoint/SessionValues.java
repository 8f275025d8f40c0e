package io.vl3.endpoint;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The values of a session by their keys. Immutable; a change makes another one. A session has a
 * handful of them, and there are as many sessions as connections: a key is found by looking at all.
 */
final class SessionValues {

  static final SessionValues NONE = new SessionValues();

  /** Each key, and its value behind it. */
  private final Object[] pairs;

  private SessionValues(Object... pairs) {
    this.pairs = pairs;
  }

  @SuppressWarnings("unchecked") // with() is the only maker and ties the value to the key's type
  <T> Optional<T> get(Key<T> key) {
    int place = place(key);
    return place < pairs.length ? Optional.of((T) pairs[place + 1]) : Optional.empty();
  }

  <T> SessionValues with(Key<T> key, T value) {
    int place = place(key);
    if (place < pairs.length && pairs[place + 1] == value) {
      return this;
    }
    Object[] changed = Arrays.copyOf(pairs, Math.max(pairs.length, place + 2));
    changed[place] = key;
    changed[place + 1] = value;
    return new SessionValues(changed);
  }

  SessionValues without(Key<?> key) {
    int place = place(key);
    if (place == pairs.length) {
      return this;
    }
    Object[] left = Arrays.copyOf(pairs, pairs.length - 2);
    System.arraycopy(pairs, place + 2, left, place, left.length - place);
    return new SessionValues(left);
  }

  /** Those that outlive the choice of another endpoint. */
  SessionValues lasting() {
    SessionValues lasting = this;
    for (int place = 0; place < pairs.length; place += 2) {
      Key<?> key = (Key<?>) pairs[place];
      lasting = key.lasting() ? lasting : lasting.without(key);
    }
    return lasting;
  }

  void forEach(Consumer<Object> action) {
    for (int place = 0; place < pairs.length; place += 2) {
      action.accept(pairs[place + 1]);
    }
  }

  /** Where the key is; behind all if it is not there. */
  private int place(Key<?> key) {
    int place = 0;
    while (place < pairs.length && pairs[place] != key) {
      place += 2;
    }
    return place;
  }
}
