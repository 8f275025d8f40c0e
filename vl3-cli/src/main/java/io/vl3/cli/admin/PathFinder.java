package io.vl3.cli.admin;

import io.vl3.api.admin.v1.Connection;
import io.vl3.api.admin.v1.Interface;
import io.vl3.api.admin.v1.Route;
import io.vl3.api.admin.v1.Workload;
import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.admin.PathTrace.Outcome;
import io.vl3.net.DomainName;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Follows packets hop by hop by what is installed, as the kernel would: the longest prefix, and of
 * several routes to it that with the lowest metric. Where that cannot be looked at, by what is
 * wanted.
 */
public final class PathFinder {

  private static final int MOST_HOPS = 32;

  private final List<Place> places;
  private final List<Hop> hops = new ArrayList<>();

  private PathFinder(List<Place> places) {
    this.places = places;
  }

  /**
   * The way between two workloads.
   *
   * @param from a workload's name or address
   * @param to the same, or any address
   * @throws CliException NOT_FOUND if there is no such workload
   */
  public static PathTrace find(List<Member> members, String from, String to) {
    PathFinder finder = new PathFinder(Place.of(members));
    Place start = finder.workload(from);
    IpAddress target = finder.address(to, start);
    return finder.follow(start, target);
  }

  private PathTrace follow(Place start, IpAddress target) {
    Place at = start;
    while (hops.size() < MOST_HOPS) {
      if (at.has(target)) {
        return trace(start, target, Outcome.ARRIVES, "%s has %s".formatted(at.name(), target));
      }
      Step step = step(at, target);
      hops.add(step.hop());
      if (step.next().isEmpty()) {
        return trace(start, target, step.outcome(), step.end());
      }
      at = step.next().get();
    }
    return trace(start, target, Outcome.LOST, "packets go round in circles");
  }

  private PathTrace trace(Place start, IpAddress target, Outcome outcome, String end) {
    return new PathTrace(start.name(), target.toString(), hops, outcome, end);
  }

  /** Where one hop leads to, or how the way ends there. */
  private record Step(Hop hop, Optional<Place> next, Outcome outcome, String end) {

    static Step lost(Hop hop, String why) {
      return new Step(hop, Optional.empty(), Outcome.LOST, why);
    }

    static Step on(Hop hop, Place next) {
      return new Step(hop, Optional.of(next), Outcome.ARRIVES, "");
    }
  }

  private Step step(Place at, IpAddress target) {
    Optional<Route> taken = best(at.routes(), target, PathFinder::isThere);
    Optional<Route> missing =
        best(at.routes(), target, route -> route.getState().equals("missing"))
            .filter(route -> taken.isEmpty() || length(route) > length(taken.get()));
    if (taken.isEmpty() || taken.get().getInterface().isEmpty()) {
      return Step.lost(
          new Hop(at.name(), at.isNse(), taken, Optional.empty(), ""),
          refusal(at, target, taken, missing));
    }
    Route route = taken.get();
    Optional<Interface> link = at.interfaceOf(route.getInterface());
    Optional<String> other = otherSide(at, route.getInterface());
    Hop hop = new Hop(at.name(), at.isNse(), taken, link, other.orElse(""));
    if (link.isPresent() && !link.get().getUp()) {
      return Step.lost(hop, "%s: interface %s is down".formatted(at.name(), route.getInterface()));
    }
    if (missing.isPresent()) {
      return Step.lost(hop, missing(at, missing.get()));
    }
    return other
        .map(name -> onwards(at, hop, name))
        .orElseGet(
            () ->
                Step.lost(
                    hop,
                    "%s: no connection of it is over %s"
                        .formatted(at.name(), route.getInterface())));
  }

  private Step onwards(Place at, Hop hop, String other) {
    Optional<Place> next = neighbour(at, hop, other);
    return next.map(place -> Step.on(hop, place))
        .orElseGet(
            () ->
                new Step(
                    hop,
                    Optional.empty(),
                    Outcome.UNSEEN,
                    "goes on to %s, of which no process that was asked knows".formatted(other)));
  }

  private static String refusal(
      Place at, IpAddress target, Optional<Route> taken, Optional<Route> missing) {
    return missing
        .map(route -> missing(at, route))
        .orElseGet(
            () ->
                taken.isPresent()
                    ? "%s: %s is refused: nobody has it".formatted(at.name(), target)
                    : "%s: no route to %s".formatted(at.name(), target));
  }

  private static String missing(Place at, Route route) {
    return "%s: the route to %s by %s is missing, which its link to %s asks for"
        .formatted(
            at.name(),
            route.getDestination(),
            route.getInterface(),
            DomainName.withoutDomain(route.getTo()));
  }

  private static boolean isThere(Route route) {
    return !route.getState().equals("missing");
  }

  private static Optional<Route> best(
      List<Route> routes, IpAddress target, java.util.function.Predicate<Route> wanted) {
    return routes.stream()
        .filter(wanted)
        .filter(route -> IpPrefix.parseLenient(route.getDestination()).contains(target))
        .max(
            Comparator.comparingInt(PathFinder::length)
                .thenComparing(Comparator.comparingLong(PathFinder::metric).reversed()));
  }

  private static int length(Route route) {
    return IpPrefix.parseLenient(route.getDestination()).length();
  }

  private static long metric(Route route) {
    return Integer.toUnsignedLong(route.getMetric());
  }

  /** The neighbour at the other side of an interface. */
  private static Optional<String> otherSide(Place at, String interfaceName) {
    return at.isNse()
        ? at.connectionOver(interfaceName).map(Connection::getOther)
        : at.workload()
            .filter(attached -> attached.getInterface().equals(interfaceName))
            .map(Workload::getEndpoint)
            .filter(name -> !name.isEmpty());
  }

  /** The place at the other side; of workloads of one name that whose connection it is. */
  private Optional<Place> neighbour(Place at, Hop hop, String other) {
    Optional<Connection> over =
        hop.route().flatMap(route -> at.connectionOver(route.getInterface()));
    boolean toWorkload =
        at.isNse() && over.filter(each -> each.getKind().equals("workload")).isPresent();
    return places.stream()
        .filter(place -> place.isNse() != toWorkload)
        .filter(place -> place.name().equals(toWorkload ? other : DomainName.withoutDomain(other)))
        .filter(place -> !toWorkload || isOf(place, over.get()))
        .findFirst();
  }

  private static boolean isOf(Place place, Connection connection) {
    return place
        .workload()
        .filter(attached -> attached.getConnectionId().equals(connection.getFirstId()))
        .isPresent();
  }

  private Place workload(String text) {
    return tryWorkload(text)
        .orElseThrow(
            () ->
                new CliException(
                    ExitCode.NOT_FOUND,
                    "workload: %s (expected: one of %s)".formatted(text, known()),
                    "`vl3 status` lists workloads with their addresses."));
  }

  private Optional<Place> tryWorkload(String text) {
    Optional<IpAddress> address = IpAddress.tryParse(text);
    return places.stream()
        .filter(place -> !place.isNse())
        .filter(
            place ->
                place.name().equals(text)
                    || address.filter(place.addresses()::contains).isPresent())
        .findFirst();
  }

  private List<String> known() {
    return places.stream().filter(place -> !place.isNse()).map(Place::name).limit(20).toList();
  }

  /** Of a workload's addresses the first of a family that the start has too. */
  private IpAddress address(String text, Place start) {
    Optional<IpAddress> given = IpAddress.tryParse(text);
    if (given.isPresent()) {
      return given.get();
    }
    Place place = workload(text);
    return place.addresses().stream()
        .filter(
            address -> start.addresses().stream().anyMatch(own -> own.family() == address.family()))
        .findFirst()
        .orElseThrow(
            () ->
                new CliException(
                    ExitCode.NOT_FOUND,
                    "workload: %s has no address of a family that %s has (expected: one)"
                        .formatted(text, start.name()),
                    ""));
  }
}
