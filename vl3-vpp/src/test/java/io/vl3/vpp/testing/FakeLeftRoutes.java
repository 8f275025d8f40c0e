package io.vl3.vpp.testing;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.vpp.internal.Item;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Routes in VPP over interfaces that an agent removed: they hold the interface's number, which the
 * next interface is given. A route that is told then and equals one of them is not made. Not
 * thread-safe.
 */
final class FakeLeftRoutes {

  private record Left(Route route, int number) {}

  private final List<Left> left = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Deque<Integer> free = new ArrayDeque<>();

  void clear() {
    left.clear();
    numbers.clear();
    free.clear();
  }

  void made(String name) {
    if (!numbers.containsKey(name)) {
      Integer number = free.poll();
      numbers.put(name, number == null ? numbers.size() + 1 : number);
    }
  }

  /** A route over an interface that is there, as if left of one that had its number. */
  void leave(Route route) {
    left.add(new Left(route, numbers.getOrDefault(route.getOutgoingInterface(), 0)));
  }

  /** The agent ends: what it leaves of an object. */
  void leave(Item item) {
    if (item.message() instanceof Route route && numbers.containsKey(item.interfaceName())) {
      left.add(new Left(route, numbers.getOrDefault(item.interfaceName(), 0)));
    }
  }

  /** All interfaces are gone. */
  void free() {
    numbers.values().stream().sorted(Comparator.reverseOrder()).forEach(free::push);
    numbers.clear();
  }

  /** The agent removed an object: a route goes with one that was left and equals it. */
  void removed(Item item) {
    if (item.message() instanceof Interface face) {
      Integer number = numbers.remove(face.getName());
      if (number != null) {
        free.push(number);
      }
    } else if (item.message() instanceof Route) {
      left.removeIf(one -> shown(one).key().equals(item.key()));
    }
  }

  /** Whether one to the same destination was left over a number that nobody has. */
  boolean areInTheWayOf(Item item) {
    return item.message() instanceof Route route
        && shown().stream()
            .map(one -> (Route) one.message())
            .anyMatch(
                one ->
                    one.getOutgoingInterface().isEmpty()
                        && one.getDstNetwork().equals(route.getDstNetwork())
                        && one.getVrfId() == route.getVrfId());
  }

  /** Whether a route that was told equals one that was left, so that VPP did not make it. */
  boolean hides(Item item) {
    return shown().stream().anyMatch(one -> one.key().equals(item.key()));
  }

  /** As a dump shows them. */
  List<Item> shown() {
    return left.stream().map(this::shown).toList();
  }

  /** Also those that a route that was told since equals: they lead nowhere. */
  List<String> words() {
    return left.stream().map(one -> "LEFT " + shown(one)).toList();
  }

  private Item shown(Left one) {
    String name =
        numbers.entrySet().stream()
            .filter(entry -> entry.getValue() == one.number())
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse("");
    return Item.of(one.route().toBuilder().setOutgoingInterface(name).build());
  }
}
