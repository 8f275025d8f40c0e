package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.measure.Attempts;
import io.vl3.measure.Measure;
import io.vl3.measure.Meter;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Counts requests and closes by who asks and by how they end, and takes their time. It comes first
 * in its chain, so that it sees what every other element refuses.
 */
public final class MeasureRequests implements Endpoint {

  private final Predicate<Session> peers;
  private final Operations ofWorkloads;
  private final Operations ofPeers;

  private MeasureRequests(Predicate<Session> peers, Operations ofWorkloads, Operations ofPeers) {
    this.peers = peers;
    this.ofWorkloads = ofWorkloads;
    this.ofPeers = ofPeers;
  }

  /**
   * Of an NSE.
   *
   * @param peers whether it is a peer that asks, as it is known when the chain has answered
   */
  public static MeasureRequests ofNse(Meter meter, Predicate<Session> peers) {
    return new MeasureRequests(
        peers, Operations.ofNse(meter, "workload"), Operations.ofNse(meter, "peer"));
  }

  /** Of a manager. */
  public static MeasureRequests ofManager(Meter meter) {
    Operations all =
        Operations.of(
            operation ->
                Attempts.of(
                    meter, Measure.MANAGER_REQUESTS, Measure.MANAGER_REQUEST_TIMES, operation));
    return new MeasureRequests(session -> false, all, all);
  }

  /**
   * Counts what an NSE's runner refuses before this element sees it, by operation: as of workloads,
   * since nobody has looked who asks.
   */
  public static BiConsumer<String, EndpointException> refusalsOfNse(Meter meter) {
    return counted(operation -> Attempts.counted(meter, Measure.REQUESTS, "workload", operation));
  }

  /** The same of a manager. */
  public static BiConsumer<String, EndpointException> refusalsOfManager(Meter meter) {
    return counted(operation -> Attempts.counted(meter, Measure.MANAGER_REQUESTS, operation));
  }

  private static BiConsumer<String, EndpointException> counted(Function<String, Attempts> made) {
    Operations all = Operations.of(made);
    return (operation, why) -> all.named(operation).failed(all.begin(), why);
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    boolean repeated = session.established().isPresent();
    long begun = ofWorkloads.begin();
    try {
      Connection answer = next.request(request);
      requests(session, repeated).succeeded(begun);
      return answer;
    } catch (EndpointException | RuntimeException | Error failure) {
      requests(session, repeated).failed(begun, failure);
      throw failure;
    }
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    Attempts closes = operations(session).close(); // what tells a peer is gone afterwards
    long begun = closes.begin();
    try {
      next.close(connection);
      closes.succeeded(begun);
    } catch (EndpointException | RuntimeException | Error failure) {
      closes.failed(begun, failure);
      throw failure;
    }
  }

  @Override
  public Description description() {
    return Description.of(this).doing("counts requests and takes their time");
  }

  private Attempts requests(Session session, boolean repeated) {
    Operations all = operations(session);
    return repeated ? all.refresh() : all.establish();
  }

  private Operations operations(Session session) {
    return peers.test(session) ? ofPeers : ofWorkloads;
  }

  /** The operations that are measured on a connection. */
  private record Operations(Attempts establish, Attempts refresh, Attempts close) {

    static Operations of(Function<String, Attempts> made) {
      return new Operations(made.apply("establish"), made.apply("refresh"), made.apply("close"));
    }

    Attempts named(String operation) {
      return switch (operation) {
        case "refresh" -> refresh;
        case "close" -> close;
        default -> establish;
      };
    }

    static Operations ofNse(Meter meter, String kind) {
      return of(
          operation ->
              Attempts.of(meter, Measure.REQUESTS, Measure.REQUEST_TIMES, kind, operation));
    }

    long begin() {
      return establish.begin();
    }
  }
}
