package io.vl3.admin;

import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Messages of parts that are looked at one after the other, each when its turn has come. */
final class Listed<P, T> implements PulledStream.Source<T> {

  private final Iterator<? extends P> parts;
  private final Function<P, Stream<T>> look;
  private Iterator<T> messages = Collections.emptyIterator();

  Listed(Iterator<? extends P> parts, Function<P, Stream<T>> look) {
    this.parts = parts;
    this.look = look;
  }

  @Override
  public Optional<T> next() {
    while (!messages.hasNext()) {
      if (!parts.hasNext()) {
        return Optional.empty();
      }
      messages = look.apply(parts.next()).iterator();
    }
    return Optional.of(messages.next());
  }

  @Override
  public boolean isOver() {
    return true;
  }
}
