package io.vl3.cli.soak;

import io.vl3.linux.IcmpProbe;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * Workloads that come and go, several at once, and in 5 % of the cases go wrong. What comes next is
 * drawn by one thread from one seed; how the operations lie in time is the machine's affair.
 */
final class Churn implements AutoCloseable {

  private static final int GUESTS = 8;
  private static final double FAULTS = 0.05;

  /** Operations begin no faster than this, so that the processes' rest is measured and not load. */
  private static final Duration PACE = Duration.ofMillis(125);

  private final Random random;
  private final Tally tally;
  private final List<Guest> guests = new ArrayList<>();
  private final BlockingQueue<Guest> idle = new ArrayBlockingQueue<>(GUESTS);
  private final ExecutorService threads = Executors.newFixedThreadPool(GUESTS);
  private final List<SoakFault> deck = new ArrayList<>();

  Churn(SoakNetwork network, SoakClients clients, Forsaken forsaken, Tally tally, long seed)
      throws Exception {
    this.random = new Random(seed);
    this.tally = tally;
    IcmpProbe probe = new IcmpProbe();
    for (int i = 0; i < GUESTS; i++) {
      guests.add(new Guest(network, clients, forsaken, probe));
    }
    idle.addAll(guests);
  }

  /** Goes on for a time, and until all that was begun has ended. */
  void run(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    long next = System.nanoTime();
    while (System.nanoTime() - end < 0) {
      begin(idle.take());
      next = Math.max(next + PACE.toNanos(), System.nanoTime());
      LockSupport.parkNanos(next - System.nanoTime());
    }
    for (int i = 0; i < GUESTS; i++) {
      var unused = idle.take();
    }
    idle.addAll(guests);
  }

  private void begin(Guest guest) {
    boolean wrong = random.nextDouble() < FAULTS;
    Optional<SoakFault> fault = wrong ? Optional.of(draw()) : Optional.empty();
    Random own = new Random(random.nextLong());
    threads.execute(
        () -> {
          try {
            operate(guest, fault, own);
          } finally {
            idle.add(guest);
          }
        });
  }

  private void operate(Guest guest, Optional<SoakFault> fault, Random own) {
    String kind = fault.map(SoakFault::name).orElse(SoakVisit.KIND);
    SoakVisit visit = new SoakVisit(guest, own);
    long begun = System.nanoTime();
    try {
      if (fault.isPresent()) {
        fault.get().strike(guest, visit, own);
      } else {
        visit.run();
      }
    } catch (Exception | AssertionError failure) {
      tally.failed(kind, begun, visit.servedBy(), failure);
    }
    tally.done(kind);
  }

  /** Faults come as cards from a deck that is shuffled anew when it is used up. */
  private SoakFault draw() {
    if (deck.isEmpty()) {
      Arrays.stream(SoakFault.values())
          .forEach(fault -> deck.addAll(Collections.nCopies(fault.weight(), fault)));
      Collections.shuffle(deck, random);
    }
    return deck.remove(deck.size() - 1);
  }

  /** Ends its threads, which are idle, and removes the workloads' namespaces. */
  @Override
  public void close() throws IOException {
    threads.shutdown();
    for (Guest guest : guests) {
      guest.end();
    }
  }
}
