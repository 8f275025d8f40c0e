package io.vl3.cli.verify;

import io.vl3.cli.pairs.Pair;
import io.vl3.linux.Echo;
import io.vl3.linux.IcmpProbe;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/** Pings of many ways, some at once. Blocks; for one thread. */
final class Pings {

  /** So many that the dead do not hold up the living, and so few that they do not slow them. */
  private static final int AT_ONCE = 64;

  private final IcmpProbe probe;
  private final Duration timeout;
  private final Semaphore room = new Semaphore(AT_ONCE);

  Pings(IcmpProbe probe, Duration timeout) {
    this.probe = probe;
    this.timeout = timeout;
  }

  /** The outcome of each, in the order of the ways. */
  List<Pair> all(List<Way> ways) throws InterruptedException {
    List<CompletableFuture<Pair>> asked = new ArrayList<>();
    for (Way way : ways) {
      room.acquire();
      asked.add(begin(way).whenComplete((pair, failure) -> room.release()));
    }
    return asked.stream().map(CompletableFuture::join).toList();
  }

  private CompletableFuture<Pair> begin(Way way) {
    try {
      return probe
          .echo(way.namespace(), way.address(), 0, timeout)
          .thenApply(echo -> pair(way, echo));
    } catch (IOException failure) {
      return CompletableFuture.completedFuture(failed(way, String.valueOf(failure.getMessage())));
    }
  }

  private Pair pair(Way way, Echo echo) {
    if (echo instanceof Echo.Answered answered) {
      return Pair.answered(
          way.from(), way.to(), way.address().toString(), answered.roundTrip().toNanos());
    }
    return failed(
        way,
        echo instanceof Echo.NoWay noWay
            ? noWay.reason()
            : "no answer within %d ms".formatted(timeout.toMillis()));
  }

  private static Pair failed(Way way, String why) {
    return Pair.failed(way.from(), way.to(), way.address().toString(), why);
  }
}
