package io.vl3.ipam;

import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Microseconds for a /30 that is given back and one that is taken, while 10,000 of a /16 are live,
 * beside {@link SortedCidrList}. With {@code holes} the live ones lie anywhere in the pool, as
 * after some days of workloads that come and go; without, they are the first.
 */
@State(Scope.Thread)
@Fork(1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CidrListBenchmark {

  private static final String POOL = "10.60.0.0/16";
  private static final int LIVE = 10_000;
  private static final int LENGTH = 30;

  @Param({"false", "true"})
  private boolean holes;

  private final Random random = new Random(1);
  private final SortedCidrList list = new SortedCidrList(POOL);
  private final PrefixPool pool = new PrefixPool(IpPrefix.parse(POOL));
  private final List<String> ofList = new ArrayList<>();
  private final List<IpPrefix> ofPool = new ArrayList<>();

  /** JMH makes it. */
  public CidrListBenchmark() {}

  /** Takes what shall be live: with holes it takes all, and gives back at random. */
  @Setup
  public void fill() {
    int taken = holes ? 1 << (LENGTH - 16) : LIVE;
    for (int i = 0; i < taken; i++) {
      ofList.add(list.take(LENGTH));
      ofPool.add(taken());
    }
    Collections.shuffle(ofList, new Random(2));
    Collections.shuffle(ofPool, new Random(2));
    while (ofPool.size() > LIVE) {
      list.give(ofList.remove(ofList.size() - 1));
      pool.free(ofPool.remove(ofPool.size() - 1));
    }
  }

  /** Ours. */
  @Benchmark
  public IpPrefix pool() {
    int changed = random.nextInt(LIVE);
    pool.free(ofPool.get(changed));
    IpPrefix one = taken();
    ofPool.set(changed, one);
    return one;
  }

  /** The baseline. */
  @Benchmark
  public String sortedCidrList() {
    int changed = random.nextInt(LIVE);
    list.give(ofList.get(changed));
    String one = list.take(LENGTH);
    ofList.set(changed, one);
    return one;
  }

  private IpPrefix taken() {
    return pool.allocate(LENGTH).orElseThrow();
  }

  /** Runs the benchmark and prints a table. */
  public static void main(String[] arguments) throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(CidrListBenchmark.class.getName())
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    System.out.println("| 10,000 live | PrefixPool us | sorted list us | list / PrefixPool |");
    System.out.println("|---|---|---|---|");
    for (String holes : List.of("false", "true")) {
      double ours = score(results, "pool", holes);
      double theirs = score(results, "sortedCidrList", holes);
      System.out.printf(
          Locale.ROOT,
          "| %s | %.3f | %.2f | %.0f |%n",
          holes.equals("true") ? "with holes" : "in a row",
          ours,
          theirs,
          theirs / ours);
    }
  }

  private static double score(Collection<RunResult> results, String method, String holes) {
    return results.stream()
        .filter(r -> r.getPrimaryResult().getLabel().equals(method))
        .filter(r -> r.getParams().getParam("holes").equals(holes))
        .mapToDouble(r -> r.getPrimaryResult().getScore())
        .findFirst()
        .orElseThrow();
  }
}
