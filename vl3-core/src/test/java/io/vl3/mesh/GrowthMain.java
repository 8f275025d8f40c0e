package io.vl3.mesh;

import com.sun.management.ThreadMXBean;
import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.dns.DnsName;
import io.vl3.dns.NameTable;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.net.IpAddress;
import io.vl3.time.Deadline;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Curves: what a request costs beside more and more live connections, and a look-up beside more and
 * more names. In processor time of one thread, which does not depend on who else is busy; each row
 * has its own pool of things, warmed up before. {@code RequestCostTest} and {@code
 * NameTableCostTest} hold in the build that the curves stay flat.
 */
public final class GrowthMain {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 20_000;
  private static final int[] LIVE = {1, 1_000, 100_000};

  private GrowthMain() {}

  /** Prints two tables; takes no arguments. */
  public static void main(String[] arguments) throws Exception {
    requests(1_000); // loads classes, and lets the compilers see every method
    names(1_000);
    System.out.println("| live connections | refresh us | request and close us | bytes each |");
    System.out.println("|---|---|---|---|");
    for (int live : LIVE) {
      print(live, requests(live), 1);
    }
    System.out.println();
    System.out.println("| names | look-up us | put and remove us | look-up bytes |");
    System.out.println("|---|---|---|---|");
    for (int live : LIVE) {
      print(live, names(live), 2);
    }
  }

  private static void print(int live, double[] figures, int decimals) {
    System.out.printf(
        Locale.ROOT,
        "| %,d | %." + decimals + "f | %." + decimals + "f | %,.0f |%n",
        live,
        figures[0],
        figures[1],
        figures[2]);
  }

  private static double[] requests(int live) throws Exception {
    ChainBenchmark chain = new ChainBenchmark();
    EndpointRunner runner = chain.runner(EndpointChain.of("server", chain.elements()));
    long before = ChainBenchmark.used();
    for (int i = 0; i < live; i++) {
      var unused = chain.request(runner, "c" + i);
    }
    double bytes = (double) (ChainBenchmark.used() - before) / live;
    Step refresh = () -> chain.request(runner, "c" + ThreadLocalRandom.current().nextInt(live));
    Step churn =
        () -> {
          Connection made = chain.request(runner, "new");
          runner.close(made, Caller.SELF, Deadline.after(Duration.ofSeconds(15), chain.timer));
          return made;
        };
    double[] figures = {micros(refresh), micros(churn), bytes};
    chain.stop();
    return figures;
  }

  private static double[] names(int live) throws Exception {
    NameTable names = new NameTable();
    for (int i = 0; i < live; i++) {
      put(names, i);
    }
    Step look = () -> names.addresses(name(ThreadLocalRandom.current().nextInt(live)));
    Step change =
        () -> {
          put(names, live);
          names.remove(new ConnectionId("c" + live));
          return live;
        };
    double micros = micros(look);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    run(look);
    double bytes = (double) (THREADS.getCurrentThreadAllocatedBytes() - before) / ROUNDS;
    return new double[] {micros, micros(change), bytes};
  }

  private static void put(NameTable names, int i) {
    names.put(
        new ConnectionId("c" + i), List.of(name(i)), List.of(IpAddress.parse("10.0.0.0").plus(i)));
  }

  private static DnsName name(int i) {
    return DnsName.parse("workload-" + i + ".vl3");
  }

  private static double micros(Step step) throws Exception {
    run(step);
    long begun = THREADS.getCurrentThreadCpuTime();
    run(step);
    return (THREADS.getCurrentThreadCpuTime() - begun) / 1e3 / ROUNDS;
  }

  private static void run(Step step) throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      var unused = step.run();
    }
  }

  /** What is measured. */
  private interface Step {
    Object run() throws EndpointException;
  }
}
