package io.vl3.cli.soak;

import io.vl3.cli.soak.Tally.Amiss;
import io.vl3.connection.Connection;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** What most operations are: a workload comes, is there for a while, and goes. */
final class SoakVisit {

  static final String KIND = "VISIT";

  private static final Duration PING = Duration.ofSeconds(5);
  private static final int LONGEST_STAY_MILLIS = 1_500;
  private static final int MOST_REFRESHES = 2;

  private final Guest guest;
  private final RandomGenerator random;
  private String servedBy = "";

  SoakVisit(Guest guest, RandomGenerator random) {
    this.guest = guest;
    this.random = random;
  }

  /** Who served it, or may have; the mortal one counts most. */
  String servedBy() {
    return servedBy;
  }

  void run() throws Exception {
    int refreshes = random.nextInt(MOST_REFRESHES + 1);
    try (Visitor visitor = guest.visitor()) {
      Connection connection = arrive(visitor);
      for (int i = 0; i < refreshes; i++) {
        stay(random.nextInt(LONGEST_STAY_MILLIS / 2));
        connection = refresh(visitor, connection);
      }
      stay(random.nextInt(LONGEST_STAY_MILLIS));
      leave(visitor, connection);
    }
  }

  /** A request, after which the link carries packets. */
  Connection arrive(Visitor visitor) throws Exception {
    Connection connection = visitor.request();
    note(connection);
    if (!visitor.hasInterface()) {
      throw new Amiss("no interface " + visitor.device() + " after " + connection);
    }
    IpAddress router = connection.ip().endpointAddresses().get(0).address();
    if (!guest.probe().alive(visitor.netns().url(), router, PING)) {
      throw new Amiss("no answer from " + router + " of " + connection.endpointName());
    }
    return connection;
  }

  Connection refresh(Visitor visitor, Connection connection) throws Exception {
    Connection refreshed = visitor.refresh(connection);
    note(refreshed);
    List<InterfaceAddress> before = connection.ip().clientAddresses();
    if (!refreshed.ip().clientAddresses().equals(before)) {
      throw new Amiss("%s after %s".formatted(refreshed.ip().clientAddresses(), before));
    }
    return refreshed;
  }

  void leave(Visitor visitor, Connection connection) throws Exception {
    visitor.leave(connection);
    if (visitor.hasInterface()) {
      throw new Amiss("interface " + visitor.device() + " after close");
    }
  }

  /** The time that a workload is there is a part of its visit, not a wait for something. */
  private static void stay(int millis) {
    LockSupport.parkNanos(millis * 1_000_000L);
  }

  private void note(Connection connection) {
    if (!servedBy.equals(guest.network().mortal())) {
      servedBy = connection.endpointName();
    }
  }
}
