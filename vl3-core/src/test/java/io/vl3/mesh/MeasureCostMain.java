package io.vl3.mesh;

import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.element.MeasureRequests;
import io.vl3.failure.EndpointException;
import io.vl3.health.HealthBoard;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;

/**
 * What it costs that requests are measured: the chain of {@link ChainBenchmark} with and without,
 * in turn, in processor time of one thread, which does not depend on who else is busy.
 */
public final class MeasureCostMain {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int LIVE = 1_000;

  private MeasureCostMain() {}

  /** Runs with the number of requests per round as the only argument, 20,000 unless given. */
  public static void main(String[] arguments) throws EndpointException {
    int requests = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
    ChainBenchmark plain = new ChainBenchmark();
    ChainBenchmark measured = new ChainBenchmark();
    HealthBoard board = new HealthBoard(measured.timer, measured.timer::nanos);
    List<Endpoint> elements = new ArrayList<>();
    elements.add(MeasureRequests.ofNse(board.reporter().of("nse").meter(), session -> false));
    elements.addAll(measured.elements());
    EndpointRunner without = plain.runner(EndpointChain.of("server", plain.elements()));
    EndpointRunner with = measured.runner(EndpointChain.of("server", elements));
    for (int round = 0; round < 12; round++) {
      double off = micros(plain, without, requests);
      double on = micros(measured, with, requests);
      System.out.printf(
          "round %d: %.2f us without, %.2f us with; %.3f%n", round, off, on, off / on);
    }
    plain.stop();
    measured.stop();
  }

  private static double micros(ChainBenchmark of, EndpointRunner runner, int requests)
      throws EndpointException {
    long begun = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < requests; i++) {
      var unused = of.request(runner, "c" + i % LIVE);
    }
    return (THREADS.getCurrentThreadCpuTime() - begun) / 1e3 / requests;
  }
}
