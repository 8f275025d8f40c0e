package io.vl3.endpoint;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.failure.EndpointException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Endpoints in a row, itself an endpoint. The order is checked when a chain is built: what an
 * element declares by {@link Description#after} must stand before it, unless the chain is a part of
 * another, which then checks.
 */
public final class EndpointChain implements Endpoint {

  private final String name;
  private final List<Endpoint> elements;

  private EndpointChain(String name, List<Endpoint> elements) {
    this.name = name;
    this.elements = List.copyOf(elements);
  }

  /**
   * A whole chain.
   *
   * @throws IllegalArgumentException if an element stands before one that it needs; names both
   */
  public static EndpointChain of(String name, Endpoint... elements) {
    return of(name, Arrays.asList(elements));
  }

  /**
   * A whole chain.
   *
   * @throws IllegalArgumentException if an element stands before one that it needs; names both
   */
  public static EndpointChain of(String name, List<? extends Endpoint> elements) {
    EndpointChain chain = new EndpointChain(name, List.copyOf(elements));
    checkOrder(chain.description());
    return chain;
  }

  /** A part of a chain: its order is checked where the whole chain is built. */
  public static EndpointChain part(String name, Endpoint... elements) {
    return new EndpointChain(name, Arrays.asList(elements));
  }

  /**
   * This chain with one more element, counted through the chains within it.
   *
   * @param place the place among the single elements, as {@link Description#flatten} lists them;
   *     their number: at the end
   */
  public EndpointChain inserting(int place, Endpoint added) {
    int size = description().children().isEmpty() ? 0 : description().flatten().size();
    if (place < 0 || place > size) {
      throw new IllegalArgumentException("place: %d (expected: 0..%d)".formatted(place, size));
    }
    List<Endpoint> changed = new ArrayList<>();
    int passed = 0;
    for (Endpoint element : elements) {
      int width = element.description().flatten().size();
      if (place == passed) {
        changed.add(added);
      }
      boolean within = place > passed && place < passed + width;
      changed.add(
          within && element instanceof EndpointChain chain
              ? chain.inserting(place - passed, added)
              : element);
      passed += width;
    }
    if (place == passed) {
      changed.add(added);
    }
    return new EndpointChain(name, changed);
  }

  /**
   * This chain as a whole one, after changes to it.
   *
   * @throws IllegalArgumentException if an element stands before one that it needs; names both
   */
  public EndpointChain whole() {
    checkOrder(description());
    return this;
  }

  /**
   * This chain with one more element, right before the first of a class.
   *
   * @throws IllegalArgumentException if there is none of that class; names it
   */
  public EndpointChain before(Class<? extends Endpoint> element, Endpoint added) {
    return inserting(place(element), added);
  }

  /**
   * This chain with one more element, right behind the first of a class.
   *
   * @throws IllegalArgumentException if there is none of that class; names it
   */
  public EndpointChain behind(Class<? extends Endpoint> element, Endpoint added) {
    return inserting(place(element) + 1, added);
  }

  /**
   * This chain with another element in place of each of a class.
   *
   * @throws IllegalArgumentException if there is none of that class; names it
   */
  public EndpointChain replacing(Class<? extends Endpoint> element, Endpoint other) {
    var unused = place(element);
    return swapping(element, other);
  }

  private EndpointChain swapping(Class<? extends Endpoint> replaced, Endpoint other) {
    List<Endpoint> changed = new ArrayList<>();
    for (Endpoint element : elements) {
      if (element instanceof EndpointChain chain) {
        changed.add(chain.swapping(replaced, other));
      } else {
        changed.add(element.description().element().equals(replaced) ? other : element);
      }
    }
    return new EndpointChain(name, changed);
  }

  /** Among the single elements. */
  private int place(Class<? extends Endpoint> wanted) {
    List<Description> all = description().flatten();
    for (int place = 0; place < all.size(); place++) {
      if (all.get(place).element().equals(wanted)) {
        return place;
      }
    }
    throw new IllegalArgumentException(
        "chain %s: no %s (expected: one of %s)"
            .formatted(name, wanted.getSimpleName(), all.stream().map(Description::name).toList()));
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    return new Step(0, session, next).request(request);
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    new Step(0, session, next).close(connection);
  }

  @Override
  public Description description() {
    return new Description(
        name,
        "",
        EndpointChain.class,
        Set.of(),
        elements.stream().map(Endpoint::description).toList());
  }

  private static void checkOrder(Description chain) {
    Set<Class<?>> before = new HashSet<>();
    for (Description element : chain.flatten()) {
      for (Class<?> needed : element.after()) {
        if (before.stream().noneMatch(needed::isAssignableFrom)) {
          throw new IllegalArgumentException(
              "chain %s: %s (expected: %s before it)"
                  .formatted(chain.name(), element.name(), needed.getSimpleName()));
        }
      }
      before.add(element.element());
    }
  }

  /** The rest of this chain from one element on, and then what follows the chain. */
  private final class Step implements Next {

    private final int place;
    private final Session session;
    private final Next afterChain;
    private boolean used;

    Step(int place, Session session, Next afterChain) {
      this.place = place;
      this.session = session;
      this.afterChain = afterChain;
    }

    @Override
    public Connection request(ConnectionRequest request) throws EndpointException {
      use();
      if (place == elements.size()) {
        return afterChain.request(request);
      }
      Step rest = new Step(place + 1, session, afterChain);
      try {
        return elements.get(place).request(request, session, rest);
      } finally {
        rest.used = true;
      }
    }

    @Override
    public void close(Connection connection) throws EndpointException {
      use();
      if (place == elements.size()) {
        afterChain.close(connection);
        return;
      }
      Step rest = new Step(place + 1, session, afterChain);
      try {
        elements.get(place).close(connection, session, rest);
      } finally {
        rest.used = true;
      }
    }

    private void use() {
      if (used) {
        throw new IllegalStateException(
            "next of %s in chain %s: called twice or after return (expected: at most once, before it returns)"
                .formatted(
                    place == 0 ? "head" : elements.get(place - 1).description().name(), name));
      }
      used = true;
    }
  }
}
