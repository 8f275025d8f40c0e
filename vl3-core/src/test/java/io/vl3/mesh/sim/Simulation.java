package io.vl3.mesh.sim;

import io.vl3.mesh.Mutation;
import io.vl3.registry.PeerLabels;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run: NSEs start, faults happen, faults end, all must be well again; at last everything stops
 * and nothing may be left.
 */
final class Simulation {

  /**
   * After so long without faults all must be well: what a dead run registered lasts for its
   * lifetime, and leads to the run that lives now; then peers change over to the name of that.
   */
  private static final Duration QUIET = SimulatedRegistry.LIFETIME.plusSeconds(10);

  /** Up to so many NSEs every call takes its time. */
  private static final int SMALL = 50;

  /** A single restart in a world at rest must be healed after so long. */
  private static final Duration PROMPT = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(Simulation.class);

  private final Plan plan;
  private final World world;
  private final Faults faults;
  private final List<String> history = new ArrayList<>();

  private Simulation(Plan plan, World world) {
    this.plan = plan;
    this.world = world;
    this.faults = new Faults(world);
    world.network().instant(plan.nses() > SMALL);
  }

  /**
   * What is to be done.
   *
   * @param seed everything follows from it
   * @param nses how many NSEs
   * @param domains how many domains they are in
   * @param hubs how many of them are hubs; 0: all are linked with all
   * @param faults how many faults
   * @param mutation what is taken away
   */
  record Plan(long seed, int nses, int domains, int hubs, int faults, Mutation mutation) {

    /** A small run of 3 to 12 NSEs and up to 30 faults. */
    static Plan small(long seed) {
      Random random = new Random(seed);
      return new Plan(
          seed,
          3 + random.nextInt(10),
          1 + random.nextInt(3),
          0,
          1 + random.nextInt(30),
          Mutation.NONE);
    }

    /** A run of many NSEs with as many faults as a small one. */
    static Plan large(long seed, int nses) {
      return new Plan(seed, nses, 1 + new Random(seed).nextInt(3), 0, 30, Mutation.NONE);
    }

    /** The same with so many hubs. */
    Plan withHubs(int count) {
      return new Plan(seed, nses, domains, count, faults, mutation);
    }

    Plan with(Mutation changed) {
      return new Plan(seed, nses, domains, hubs, faults, changed);
    }
  }

  /** What came of a run. */
  record Outcome(Plan plan, Optional<String> fault, long trace) {}

  static Outcome run(Plan plan) {
    try (World world = new World(plan.seed(), plan.domains(), plan.mutation())) {
      Simulation simulation = new Simulation(plan, world);
      Optional<String> fault = simulation.run();
      return new Outcome(plan, fault, world.scheduler().trace());
    }
  }

  private Optional<String> run() {
    try {
      startAll();
      settle("after the start");
      for (int i = 0; i < plan.faults(); i++) {
        note(faults.happen());
        pass(Duration.ofMillis(world.random().nextInt(6_000)));
      }
      faults.end();
      note("end of faults");
      settle("after the faults");
      collideTwo();
      restartOne();
      stopAll();
      return Optional.empty();
    } catch (Broken | AssertionError broken) {
      StringBuilder told = new StringBuilder();
      told.append("%s: %s%n".formatted(plan, broken.getMessage()));
      if (broken.getCause() != null) {
        StringWriter trace = new StringWriter();
        broken.getCause().printStackTrace(new PrintWriter(trace));
        told.append(trace);
      }
      history.forEach(line -> told.append("  ").append(line).append('\n'));
      told.append("replay: -Dvl3.sim.seed=").append(plan.seed());
      return Optional.of(told.toString());
    }
  }

  private void startAll() {
    for (int i = 0; i < plan.nses(); i++) {
      Node.Domain domain = world.domains().get(world.random().nextInt(plan.domains()));
      Node node = world.addNode("nse-" + i, domain);
      if (plan.hubs() > 0) {
        node.role = Optional.of(i < plan.hubs() ? PeerLabels.HUB : PeerLabels.SPOKE);
      }
      world.start(node);
      if (world.random().nextBoolean()) {
        pass(Duration.ofMillis(world.random().nextInt(500)));
      }
    }
  }

  private void settle(String when) {
    pass(QUIET);
    check(when, Invariants.broken(world));
  }

  private void restartOne() {
    List<Nse> running = world.running();
    Node node = running.get(world.random().nextInt(running.size())).node();
    note("one restart: " + node);
    faults.restart(node);
    pass(PROMPT);
    check("after one restart", Invariants.unjoined(world));
    settle("after one restart");
  }

  private void collideTwo() {
    List<Nse> both = faults.collide();
    note("one prefix for %s and %s".formatted(both.get(0).node(), both.get(1).node()));
    pass(QUIET);
    check("with one prefix twice", Invariants.undecided(world, both.get(0), both.get(1)));
    faults.part(both.get(1));
    settle("after the prefixes were parted");
  }

  private void stopAll() {
    note("stop");
    world.nodes().forEach(world::stop);
    pass(QUIET);
    check("after the stop", Invariants.leftovers(world));
  }

  private void pass(Duration time) {
    world.run(time);
  }

  private void check(String when, List<String> broken) {
    if (!broken.isEmpty()) {
      throw new Broken("%s, at %s: %s".formatted(when, time(), String.join("\n  ", broken)));
    }
  }

  private void note(String what) {
    history.add(time() + " " + what);
    LOG.info("---- {} {}", time(), what);
  }

  private String time() {
    return "%.3f s".formatted(world.scheduler().now() / 1e9);
  }

  private static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;

    Broken(String message) {
      super(message);
    }
  }
}
