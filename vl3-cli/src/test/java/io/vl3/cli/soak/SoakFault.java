package io.vl3.cli.soak;

import io.vl3.api.connection.Mechanism;
import io.vl3.api.connectioncontext.ConnectionContext;
import io.vl3.api.connectioncontext.IPContext;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.cli.soak.Tally.Amiss;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.linux.testing.KernelState;
import io.vl3.nsm.NsmClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** An operation that goes wrong, on the client's side or on another's. */
enum SoakFault {

  /** A client is gone without a close; its workload's namespace stays. */
  CLIENT_GONE(3) {
    @Override
    void strike(Guest guest, SoakVisit visit, RandomGenerator random) throws Exception {
      try {
        arriveAndVanish(guest.visitor(), visit);
      } finally {
        guest.forsake();
      }
    }
  },

  /** A client is gone without a close, and its workload's namespace with it. */
  POD_GONE(2) {
    @Override
    void strike(Guest guest, SoakVisit visit, RandomGenerator random) throws Exception {
      try {
        arriveAndVanish(guest.visitor(), visit);
      } finally {
        guest.raze();
      }
    }
  },

  /** A client hangs up in the middle of its request. */
  CALL_CUT(3) {
    @Override
    void strike(Guest guest, SoakVisit visit, RandomGenerator random) throws Exception {
      Visitor visitor = guest.visitor();
      CompletableFuture<Void> asked =
          CompletableFuture.runAsync(
              () -> tryRequest(visitor), guest.clients().runtime().executor());
      pause(random.nextInt(LONGEST_CALL_MILLIS));
      visitor.vanish();
      asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      guest.forsake();
    }
  },

  /** A client gives its request less time than it takes, most often. */
  CALL_TOO_LATE(2) {
    @Override
    void strike(Guest guest, SoakVisit visit, RandomGenerator random) throws Exception {
      try (Visitor visitor = guest.visitor()) {
        visitor.requestWithin(Duration.ofMillis(1 + random.nextInt(LONGEST_CALL_MILLIS)));
      } catch (EndpointException late) {
        if (late.reason() != Reason.DEADLINE) {
          throw late;
        }
      } finally {
        guest.forsake();
      }
    }
  },

  /** A service that nobody offers. */
  UNKNOWN_SERVICE(1) {
    @Override
    void strike(Guest guest, SoakVisit visit, RandomGenerator random) throws Exception {
      try (Visitor visitor = guest.visitor()) {
        refused(Reason.NOT_FOUND, () -> visitor.request("nobody-" + random.nextInt()));
      }
    }
  },

  /** A mechanism that nobody has. */
  UNKNOWN_MECHANISM(1) {
    @Override
    void strike(Guest guest, SoakVisit visit, RandomGenerator random) throws Exception {
      asksFor(guest, io.vl3.connection.Mechanism.local("PIGEON", Map.of()));
    }
  },

  /** A name that no interface can have. */
  BAD_INTERFACE_NAME(1) {
    @Override
    void strike(Guest guest, SoakVisit visit, RandomGenerator random) throws Exception {
      asksFor(
          guest,
          io.vl3.connection.Mechanism.local(
              io.vl3.connection.Mechanism.KERNEL,
              Map.of(
                  io.vl3.connection.Mechanism.INODE_URL,
                  guest.netns().url(),
                  io.vl3.connection.Mechanism.NAME,
                  "much/too/long-for-an-interface")));
    }
  },

  /** Addresses that are none, in words of the wire: the library's own client cannot say that. */
  BAD_ADDRESSES(1) {
    @Override
    void strike(Guest guest, SoakVisit visit, RandomGenerator random) throws Exception {
      try (Visitor visitor = guest.visitor()) {
        refused(Reason.INVALID, () -> askInWords(visitor, guest.netns().url()));
      }
    }
  },

  /** A workload's interface is deleted by hand; the next refresh brings it back. */
  LINK_DELETED(2) {
    @Override
    void strike(Guest guest, SoakVisit visit, RandomGenerator random) throws Exception {
      try (Visitor visitor = guest.visitor()) {
        Connection connection = visit.arrive(visitor);
        KernelState.ip(visitor.netns(), "link", "del", "dev", visitor.device());
        connection = visit.refresh(visitor, connection);
        if (!visitor.hasInterface()) {
          throw new Amiss("interface " + visitor.device() + " is not back after a refresh");
        }
        visit.leave(visitor, connection);
      }
    }
  },

  /** A workload's interface is deleted by hand, and its connection closed after that. */
  LINK_DELETED_BEFORE_CLOSE(1) {
    @Override
    void strike(Guest guest, SoakVisit visit, RandomGenerator random) throws Exception {
      try (Visitor visitor = guest.visitor()) {
        Connection connection = visit.arrive(visitor);
        KernelState.ip(visitor.netns(), "link", "del", "dev", visitor.device());
        visit.leave(visitor, connection);
      }
    }
  },

  /** A connection is closed twice. */
  CLOSED_TWICE(1) {
    @Override
    void strike(Guest guest, SoakVisit visit, RandomGenerator random) throws Exception {
      try (Visitor visitor = guest.visitor()) {
        Connection connection = visit.arrive(visitor);
        visit.leave(visitor, connection);
        visit.leave(visitor, connection);
      }
    }
  },

  /** What never was is closed. */
  UNKNOWN_CLOSED(1) {
    @Override
    void strike(Guest guest, SoakVisit visit, RandomGenerator random) throws Exception {
      try (Visitor visitor = guest.visitor()) {
        visitor.leave(Connection.to(SoakNetwork.SERVICE).withId(ConnectionId.random()));
      }
    }
  },

  /** Somebody writes to a socket what is no HTTP/2, and hangs up. */
  GARBAGE(2) {
    @Override
    void strike(Guest guest, SoakVisit visit, RandomGenerator random) throws Exception {
      RawSockets.garbage(guest.network(), random);
    }
  },

  /** Somebody hangs up in the middle of a message. */
  HUNG_UP(2) {
    @Override
    void strike(Guest guest, SoakVisit visit, RandomGenerator random) throws Exception {
      RawSockets.half(guest.network(), random);
    }
  },

  /** An NSE is killed and started again. */
  NSE_KILLED(1) {
    @Override
    void strike(Guest guest, SoakVisit visit, RandomGenerator random) throws Exception {
      guest.network().killAndStart();
    }
  };

  private static final int LONGEST_CALL_MILLIS = 60;
  private static final int PATIENCE_SECONDS = 60;

  private final int weight;

  SoakFault(int weight) {
    this.weight = weight;
  }

  /** Makes it happen; throws if the product does otherwise than it should. */
  abstract void strike(Guest guest, SoakVisit visit, RandomGenerator random) throws Exception;

  /** How often it comes among the others. */
  int weight() {
    return weight;
  }

  static void arriveAndVanish(Visitor visitor, SoakVisit visit) throws Exception {
    try {
      visit.arrive(visitor);
    } finally {
      visitor.vanish();
    }
  }

  static void tryRequest(Visitor visitor) {
    try {
      visitor.request();
    } catch (EndpointException cut) {
      // Nothing is promised to who hangs up.
    }
  }

  /** The time of the fault itself is a part of it, not a wait for something to happen. */
  static void pause(int millis) {
    LockSupport.parkNanos(millis * 1_000_000L);
  }

  private static void asksFor(Guest guest, io.vl3.connection.Mechanism mechanism) throws Exception {
    try (Visitor visitor = guest.visitor();
        NsmClient plain = visitor.plain()) {
      refused(
          Reason.INVALID,
          () ->
              plain.request(
                  new ConnectionRequest(Connection.to(SoakNetwork.SERVICE), List.of(mechanism))));
    }
  }

  private static Object askInWords(Visitor visitor, String netnsUrl) throws EndpointException {
    IPContext addresses =
        IPContext.newBuilder()
            .addSrcIpAddrs("999.1.2.3/77")
            .addExcludedPrefixes("nonsense " + ThreadLocalRandom.current().nextInt())
            .build();
    NetworkServiceRequest request =
        NetworkServiceRequest.newBuilder()
            .setConnection(
                io.vl3.api.connection.Connection.newBuilder()
                    .setId(ConnectionId.random().value())
                    .setNetworkService(SoakNetwork.SERVICE)
                    .setContext(ConnectionContext.newBuilder().setIpContext(addresses)))
            .addMechanismPreferences(
                Mechanism.newBuilder()
                    .setCls("LOCAL")
                    .setType("KERNEL")
                    .putParameters("inodeURL", netnsUrl))
            .build();
    try {
      return NetworkServiceGrpc.newBlockingStub(visitor.channel())
          .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .request(request);
    } catch (io.grpc.StatusRuntimeException failure) {
      throw new EndpointException(
          failure.getStatus().getCode() == io.grpc.Status.Code.INVALID_ARGUMENT
              ? Reason.INVALID
              : Reason.INTERNAL,
          failure.getStatus().toString(),
          failure);
    }
  }

  private interface Asking {
    Object ask() throws EndpointException;
  }

  private static void refused(Reason expected, Asking asking) throws Exception {
    Object answer;
    try {
      answer = asking.ask();
    } catch (EndpointException refusal) {
      if (refusal.reason() == expected) {
        return;
      }
      throw refusal;
    }
    throw new IllegalStateException("answered: " + answer + " (expected: " + expected + ")");
  }
}
