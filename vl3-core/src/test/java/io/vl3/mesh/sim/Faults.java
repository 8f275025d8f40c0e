package io.vl3.mesh.sim;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** What may happen to a world, and its end. */
final class Faults {

  private static final Duration GREATEST_SKEW = Duration.ofMinutes(2);

  private final World world;
  private final Random random;
  private int extras;

  Faults(World world) {
    this.world = world;
    this.random = world.random();
  }

  /** The kinds. */
  enum Kind {
    CRASH,
    RESTART,
    RESTART_WITHOUT_STATE,
    STOP,
    PARTITION,
    ISOLATION,
    SLOW_LINK,
    REGISTRY_LOSS,
    REGISTRY_AMNESIA,
    DUPLICATE_NAME,
    CLOCK_SKEW,
    PREFIX_CHANGE,
    PREFIX_COLLISION
  }

  /** Something happens; some of it ends by itself after a while. */
  String happen() {
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    String where = "nowhere";
    if (!world.running().isEmpty()) {
      Node node = any();
      where = node.toString();
      happen(kind, node);
    }
    List.copyOf(world.nodes()).stream()
        .filter(node -> node.due && random.nextInt(3) == 0)
        .forEach(world::start);
    return kind + " at " + where;
  }

  private void happen(Kind kind, Node node) {
    switch (kind) {
      case CRASH -> crash(node);
      case RESTART -> restart(node);
      case RESTART_WITHOUT_STATE -> {
        forget(node);
        restart(node);
      }
      case STOP -> stop(node);
      case PARTITION -> cut(node.place, any().place);
      case ISOLATION -> isolate(node);
      case SLOW_LINK -> slow(node.place, any().place);
      case REGISTRY_LOSS -> loseRegistry(node.domain.registry(), false);
      case REGISTRY_AMNESIA -> loseRegistry(node.domain.registry(), true);
      case DUPLICATE_NAME -> duplicate(node);
      case CLOCK_SKEW -> {
        node.skew =
            Duration.ofMillis(random.nextLong(2 * GREATEST_SKEW.toMillis())).minus(GREATEST_SKEW);
        restart(node);
      }
      case PREFIX_CHANGE -> change(node, world.freshPrefix());
      case PREFIX_COLLISION -> change(node, any().prefix);
    }
  }

  /** Everything that can be repaired is; who is down comes back. */
  void end() {
    world.network().repair();
    for (Node.Domain domain : world.domains()) {
      if (domain.registry().isAway()) {
        domain.registry().comeBack(false);
      }
    }
    for (Node node : world.nodes()) {
      if (sharesPrefix(node)) {
        change(node, world.freshPrefix());
      }
      if (node.due || node.running.isEmpty()) {
        world.start(node);
      }
    }
  }

  /** One NSE is killed and comes back at once. */
  void restart(Node node) {
    world.start(node);
  }

  /** One NSE takes the prefix of another; answers the two, the earlier registered first. */
  List<Nse> collide() {
    Nse holder = any().running.orElseThrow();
    Nse taker = any().running.orElseThrow();
    while (taker == holder) {
      taker = any().running.orElseThrow();
    }
    change(taker.node(), holder.node().prefix);
    Comparator<Nse> bySeniority =
        Comparator.comparing((Nse nse) -> nse.self().registered().orElseThrow())
            .thenComparing(Nse::name);
    return Stream.of(holder, taker).sorted(bySeniority).toList();
  }

  /** The later of two with one prefix is given another. */
  void part(Nse later) {
    change(later.node(), world.freshPrefix());
  }

  private boolean sharesPrefix(Node node) {
    return world.nodes().stream()
        .anyMatch(other -> other != node && other.prefix.equals(node.prefix));
  }

  private Node any() {
    List<Nse> running = world.running();
    return running.get(random.nextInt(running.size())).node();
  }

  private void crash(Node node) {
    world.kill(node);
    node.due = true;
  }

  private void stop(Node node) {
    world.stop(node);
    node.due = true;
  }

  private void forget(Node node) {
    node.remembered = Optional.empty();
    node.kernel.wipe();
    node.prefix = world.freshPrefix();
  }

  private void change(Node node, String prefix) {
    node.prefix = prefix;
    node.running.ifPresent(nse -> nse.run().execute(() -> nse.announce(node.prefix)));
  }

  private void cut(String one, String other) {
    world.network().cut(one, other);
    world.breakStreams();
    later(20, () -> world.network().repair());
  }

  private void isolate(Node node) {
    world.network().isolate(node.place);
    world.breakStreams();
    later(20, () -> world.network().repair());
  }

  private void slow(String one, String other) {
    world.network().slow(one, other);
    later(20, () -> world.network().repair());
  }

  private void loseRegistry(SimulatedRegistry registry, boolean forgetful) {
    if (!registry.isAway()) {
      registry.goAway();
      later(20, () -> registry.comeBack(forgetful));
    }
  }

  /** Another endpoint takes the name, in this domain or in another. */
  private void duplicate(Node node) {
    if (extras < 2) {
      extras++;
      List<Node.Domain> domains = world.domains();
      Node extra = world.addNode(node.name, domains.get(random.nextInt(domains.size())));
      extra.role = node.role;
      world.start(extra);
    }
  }

  private void later(int seconds, Runnable end) {
    world.scheduler().after(random.nextLong(Duration.ofSeconds(seconds).toNanos()), end);
  }
}
