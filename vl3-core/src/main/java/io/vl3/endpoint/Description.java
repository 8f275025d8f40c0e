package io.vl3.endpoint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How an element presents itself: to people, and to the check of a chain's order.
 *
 * @param name the element's name, such as {@code AssignAddress}
 * @param purpose what it does, in a few words; may be empty
 * @param element the element's class
 * @param after elements that must stand somewhere before it
 * @param children the elements of a chain, in order; empty for a single element
 */
public record Description(
    String name,
    String purpose,
    Class<? extends Endpoint> element,
    Set<Class<? extends Endpoint>> after,
    List<Description> children) {

  /** Copies the collections. */
  public Description {
    after = Set.copyOf(after);
    children = List.copyOf(children);
  }

  /** The description of an element that says nothing more: its class's simple name. */
  public static Description of(Endpoint element) {
    String simple = element.getClass().getSimpleName();
    String name = simple.isEmpty() ? element.getClass().getName() : simple;
    return new Description(name, "", element.getClass(), Set.of(), List.of());
  }

  /** This description with what the element does. */
  public Description doing(String what) {
    return new Description(name, what, element, after, children);
  }

  /** This description with one more element that must stand before. */
  public Description after(Class<? extends Endpoint> earlier) {
    Set<Class<? extends Endpoint>> all = new HashSet<>(after);
    all.add(earlier);
    return new Description(name, purpose, element, all, children);
  }

  /** The single elements in order, chains opened. */
  public List<Description> flatten() {
    if (children.isEmpty()) {
      return List.of(this);
    }
    List<Description> all = new ArrayList<>();
    children.forEach(child -> all.addAll(child.flatten()));
    return all;
  }
}
