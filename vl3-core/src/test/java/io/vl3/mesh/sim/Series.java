package io.vl3.mesh.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.mesh.sim.Simulation.Outcome;
import io.vl3.mesh.sim.Simulation.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;

/** Runs of one seed after the other, two at a time. */
final class Series {

  private static final int SIDE_BY_SIDE = 2;

  private Series() {}

  /**
   * Runs them, and fails with the seeds that did.
   *
   * @param from the first seed; another with {@code -Dvl3.sim.seed}, and then only that one
   * @param count how many
   */
  static void run(long from, int count, LongFunction<Plan> plans) {
    long first = Long.getLong("vl3.sim.seed", from);
    int runs = Long.getLong("vl3.sim.seed") != null ? 1 : count;
    long start = System.nanoTime();
    List<Outcome> broken = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(SIDE_BY_SIDE);
    try {
      List<Future<Outcome>> outcomes = new ArrayList<>();
      for (long seed = first; seed < first + runs; seed++) {
        Plan plan = plans.apply(seed);
        outcomes.add(threads.submit(() -> Simulation.run(plan)));
      }
      for (Future<Outcome> outcome : outcomes) {
        if (outcome.get().fault().isPresent()) {
          broken.add(outcome.get());
          System.out.println(outcome.get().fault().get());
        }
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      threads.shutdownNow();
    }
    System.out.printf(
        "simulator: %d runs from seed %d, %d broken, %d ms%n",
        runs, first, broken.size(), (System.nanoTime() - start) / 1_000_000);
    assertThat(broken.stream().map(outcome -> outcome.plan().seed())).as("seeds").isEmpty();
  }
}
