package io.vl3.cli.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Measures a soak before, during and after its churn, and says what is left of it. */
final class SoakWatch {

  static final String CLIENTS = "clients";
  static final String MACHINE = "machine";

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(3);
  private static final int SHARE_OF_RUN = 40;

  /** All tokens have expired by then, and what an NSE kept over its death. */
  private static final int EMPTY_SECONDS =
      (int) SoakClients.TOKEN_LIFETIME.plus(SoakNetwork.TOKEN_LIFETIME).toSeconds() + 120;

  private final SoakNetwork network;
  private final Forsaken forsaken;
  private final Readings readings;
  private final Duration run;
  private final Vitals vitals;
  private final List<String> trouble = new ArrayList<>();

  SoakWatch(SoakNetwork network, Forsaken forsaken, Readings readings, Duration run) {
    this.network = network;
    this.forsaken = forsaken;
    this.readings = readings;
    this.run = run;
    this.vitals = new Vitals(network);
  }

  /** What is watched. */
  interface Churning {
    void run() throws Exception;
  }

  private interface Taker {
    void take(String process, Map<Figure, Double> figures);
  }

  /** Notes what is so before the churn. */
  void before() throws Exception {
    measure(readings::before);
  }

  /** Measures while something runs. */
  void during(Churning churning) throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    long begin = System.nanoTime();
    Thread watching = new Thread(() -> watch(begin, over), "soak-watch");
    watching.start();
    try {
      churning.run();
    } finally {
      over.countDown();
      watching.join();
    }
  }

  /** What could not be measured of those that live all the time. */
  List<String> trouble() {
    return List.copyOf(trouble);
  }

  /** Waits until all that was left has expired; answers what is not as it was before. */
  List<String> after() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(EMPTY_SECONDS);
    List<String> left = left();
    while (!left.isEmpty() && System.nanoTime() - end < 0) {
      pause(new CountDownLatch(1), SHORTEST_PAUSE);
      left = left();
    }
    return left;
  }

  private List<String> left() throws Exception {
    List<String> left = new ArrayList<>();
    int places = forsaken.look();
    if (places > 0) {
      left.add("%d namespaces whose clients are gone".formatted(places));
    }
    measure(readings::after);
    for (String nse : network.nses()) {
      for (Figure figure : Figure.KEPT) {
        compare(nse, figure, left);
      }
    }
    compare(MACHINE, Figure.INTERFACES, left);
    compare(MACHINE, Figure.NAMESPACES, left);
    compareConnections(left);
    return left;
  }

  /** Which of two peers has dialled the other may have changed: together they have as many. */
  private void compareConnections(List<String> left) {
    double before = 0;
    double now = 0;
    for (String nse : network.nses()) {
      before += readings.begin(nse, Figure.CONNECTIONS);
      now += readings.end(nse, Figure.CONNECTIONS);
    }
    if (before != now) {
      left.add("connections of all: %s (expected: %s)".formatted(now, before));
    }
  }

  private void compare(String process, Figure figure, List<String> left) {
    double before = readings.begin(process, figure);
    double now = readings.end(process, figure);
    if (Double.compare(before, now) != 0) {
      left.add("%s: %s: %s (expected: %s)".formatted(process, figure.words(), now, before));
    }
  }

  private void watch(long begin, CountDownLatch over) {
    Duration share = run.dividedBy(SHARE_OF_RUN);
    Duration pause = share.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : share;
    pause = pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause;
    while (over.getCount() > 0) {
      try {
        forsaken.look();
        double part = (System.nanoTime() - begin) / (double) run.toNanos();
        measure((process, figures) -> readings.during(process, part, figures));
      } catch (Exception failure) {
        failure.printStackTrace(System.out);
        trouble.add(failure.toString());
      }
      pause(over, pause);
    }
  }

  private void measure(Taker taker) throws Exception {
    for (String nse : network.steady()) {
      taker.take(nse, vitals.ofNse(nse));
    }
    measureMortal(taker);
    taker.take(CLIENTS, vitals.ofClients());
    taker.take(MACHINE, vitals.ofMachine());
  }

  /** It may be killed, or start, at any moment of this. */
  private void measureMortal(Taker taker) throws Exception {
    String nse = network.mortal();
    long begin = System.nanoTime();
    try {
      taker.take(nse, vitals.ofNse(nse));
    } catch (IOException failure) {
      if (!network.outages().anySince(begin)) {
        throw failure;
      }
    }
  }

  private static void pause(CountDownLatch over, Duration time) {
    try {
      var unused = over.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }
}
