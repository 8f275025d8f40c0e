package io.vl3.endpoint;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ConnectionState;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.time.Deadline;
import io.vl3.time.Timer;
import io.vl3.tracing.Tracing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a chain: the head that every request and close enters by. It keeps the sessions, gives each
 * connection one event at a time in arrival order, commits a session when the chain succeeded and
 * runs the undos when it failed. A connection id belongs to the identity that made it: a request or
 * close by another is refused with DENIED.
 *
 * <p>What is kept of a connection has no tokens, but when they end: they are shown with a call, and
 * of no use to a component that calls nobody. An element that calls somebody keeps those that it
 * needs for what we repeat ourselves.
 *
 * <p>A repeat in state RESELECT_REQUESTED closes the established connection first. If the new
 * request then fails, the connection is gone for a caller; one that we asked for ourselves, through
 * the handle, stays known so that it can be asked for again.
 *
 * <p>Thread-safe. Calls block for the chain and for earlier events of the same connection, bounded
 * by the deadline; different connections never wait for each other.
 */
public final class EndpointRunner {

  private static final Logger LOG = LoggerFactory.getLogger(EndpointRunner.class);

  private static final String REQUEST = "request connection";
  private static final String CLOSE = "close connection";

  private static final Next ANSWER =
      new Next() {
        @Override
        public Connection request(ConnectionRequest request) {
          return request.connection();
        }

        @Override
        public void close(Connection connection) {}
      };

  private final Endpoint chain;
  private final ConnectionTurns turns;
  private final Sessions sessions = new Sessions();
  private final Admission admission = new Admission();

  /** Written before the admission ends. */
  private volatile boolean abandoned;

  /**
   * A runner.
   *
   * @param chain what to run
   * @param executor where re-entering events run; they block, so it must not be bounded tightly
   * @param timer the clock of deadlines
   * @param eventTimeout how long a re-entering event may take
   */
  public EndpointRunner(Endpoint chain, Executor executor, Timer timer, Duration eventTimeout) {
    this(chain, executor, timer, eventTimeout, Tracing.OFF);
  }

  /**
   * A runner whose events are traced: those of a call within its trace, others begin one.
   *
   * @param chain what to run
   * @param executor where re-entering events run; they block, so it must not be bounded tightly
   * @param timer the clock of deadlines
   * @param eventTimeout how long a re-entering event may take
   */
  public EndpointRunner(
      Endpoint chain, Executor executor, Timer timer, Duration eventTimeout, Tracing tracing) {
    this(chain, executor, timer, eventTimeout, tracing, new Lanes<>());
  }

  EndpointRunner(
      Endpoint chain,
      Executor executor,
      Timer timer,
      Duration eventTimeout,
      Tracing tracing,
      Lanes<ConnectionId> lanes) {
    this.chain = chain;
    this.turns = new ConnectionTurns(lanes, executor, timer, eventTimeout, tracing);
  }

  /**
   * Establishes or refreshes a connection; one without id gets a fresh one.
   *
   * @return the connection as its caller shall see it, with the caller's id
   * @throws EndpointException whatever the chain answers; DEADLINE if earlier events took too long
   */
  public Connection request(ConnectionRequest request, Caller caller, Deadline deadline)
      throws EndpointException {
    return request(request, caller, deadline, () -> {});
  }

  /**
   * The same for a caller that may have left meanwhile.
   *
   * @param stillAsked looked at when the connection's turn has come: if it throws, nothing is done.
   *     What the caller asks later on, as a close, has its turn after that
   */
  public Connection request(
      ConnectionRequest request, Caller caller, Deadline deadline, Session.Action stillAsked)
      throws EndpointException {
    ConnectionId id = request.connection().id().orElseGet(ConnectionId::random);
    ConnectionRequest identified = request.mapConnection(connection -> connection.withId(id));
    return turns.call(
        REQUEST,
        id,
        deadline,
        () -> {
          admission.check(stillAsked, () -> operation(id));
          return runRequest(id, identified, caller, deadline);
        },
        late -> admission.refused(operation(id), late));
  }

  private String operation(ConnectionId id) {
    return sessions.find(id).isPresent() ? Admission.REFRESH : Admission.ESTABLISH;
  }

  /**
   * Closes a connection; one unknown here still passes through the chain, and is no error.
   *
   * @throws EndpointException if something could not be released; the session is gone all the same
   */
  public void close(Connection connection, Caller caller, Deadline deadline)
      throws EndpointException {
    if (connection.id().isEmpty()) {
      throw new EndpointException(Reason.INVALID, "connection.id: empty (expected: text)");
    }
    ConnectionId id = connection.requireId();
    turns.call(
        CLOSE,
        id,
        deadline,
        () -> {
          runClose(id, connection, caller, deadline);
          return connection;
        },
        late -> admission.refused(Admission.CLOSE, late));
  }

  /**
   * Sets who is told of what is refused here, before the chain sees it: of {@code establish},
   * {@code refresh} or {@code close}, and why. One listener, called in callers' threads.
   */
  public void onRefusal(BiConsumer<String, EndpointException> listener) {
    admission.listen(listener);
  }

  /** The maker of its spans. */
  public Tracing tracing() {
    return turns.tracing();
  }

  /** How many connections are established. */
  public int size() {
    return sessions.size();
  }

  /**
   * The established connections, as answered to their callers but with no more of their tokens than
   * when they end; a snapshot.
   */
  public List<Connection> connections() {
    return sessions.all().stream().map(SessionRecord::connection).toList();
  }

  /** The identity that made an established connection; empty if there is none of that id. */
  public Optional<Caller> owner(ConnectionId id) {
    return sessions.find(id).map(SessionRecord::owner);
  }

  /** The way in for one connection from outside a call, established or not. */
  public ConnectionHandle handle(ConnectionId id) {
    return new Handle(id);
  }

  /**
   * Closes every connection, side by side, each in its lane.
   *
   * @return completes when all are closed or the event timeout has passed for them
   */
  public CompletionStage<Void> closeAll(String why) {
    List<CompletableFuture<Void>> closing = new ArrayList<>();
    for (ConnectionId id : sessions.ids()) {
      closing.add(handle(id).close(why).toCompletableFuture());
    }
    return CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new));
  }

  /**
   * Closes every connection, and establishes none any more: requests are refused from now on, and
   * what is being established meanwhile is closed as soon as it stands.
   *
   * @return completes as that of {@link #closeAll}
   */
  public CompletionStage<Void> end(String why) {
    admission.end(why);
    return closeAll(why);
  }

  /**
   * Lets go of every connection as it stands, for a successor of the same name: nobody is notified
   * and nothing is released. Requests are refused from now on, those under way too. What a session
   * holds for this process alone is closed, which is every value that is {@link AutoCloseable}.
   */
  public void abandon(String why) {
    abandoned = true;
    admission.end(why);
    sessions.ids().forEach(sessions::drop);
  }

  private Connection runRequest(
      ConnectionId id, ConnectionRequest request, Caller caller, Deadline deadline)
      throws EndpointException {
    Tracing.tell(Tracing.SERVICE, request.connection().networkService());
    Optional<SessionRecord> before = sessions.find(id);
    admission.admit(id, before, caller);
    Caller owner = before.map(SessionRecord::owner).orElse(caller);
    if (before.isPresent() && request.connection().state() == ConnectionState.RESELECT_REQUESTED) {
      before = Optional.of(lapse(before.get(), request, caller, deadline));
    }
    WorkingSession session = new WorkingSession(handle(id), caller, owner, deadline, before);
    Connection answer;
    try {
      answer = chain.request(request, session, ANSWER).withState(ConnectionState.UP);
    } catch (EndpointException | RuntimeException | Error failure) {
      LOG.debug("connection {}: request of {} failed: {}", id, caller, failure.getMessage());
      session.undo(failure);
      if (before.isPresent() && before.get().lapsed() && !caller.equals(Caller.SELF)) {
        sessions.remove(id); // who asked knows, and nothing is left; our own heal asks again
      }
      throw failure;
    }
    Tracing.tell(Tracing.ENDPOINT, answer.endpointName());
    sessions.put(
        id,
        new SessionRecord(
            session.values(),
            answer.withoutProofs(),
            request.mechanismPreferences(),
            owner,
            false));
    session.commit();
    LOG.debug("connection {}: request of {} served by {}", id, caller, answer.endpointName());
    if (abandoned) {
      sessions.drop(id);
    } else if (admission.hasEnded()) {
      runClose(id, answer, Caller.SELF, deadline);
    }
    admission.checkNotEnded();
    return answer;
  }

  /**
   * Closes the established connection before another endpoint is chosen. The remains are known by
   * their owner alone, so that it can be tried again or closed. A failed close is only logged: a
   * hop that it could not reach lets the connection expire.
   */
  private SessionRecord lapse(
      SessionRecord record, ConnectionRequest request, Caller caller, Deadline deadline) {
    if (record.lapsed()) {
      return record;
    }
    ConnectionHandle handle = handle(record.connection().requireId());
    WorkingSession session =
        new WorkingSession(handle, caller, record.owner(), deadline, Optional.of(record));
    try {
      chain.close(record.connection(), session, ANSWER);
    } catch (EndpointException failure) {
      // As a rule it is left because it does not answer: that it does not answer is no news.
      LOG.info(
          "connection {}: left to expire at {}: {}",
          handle.id(),
          record.connection().endpointName(),
          failure.getMessage());
    } catch (RuntimeException failure) {
      LOG.warn("connection {}: closing it for another endpoint failed", handle.id(), failure);
    }
    SessionRecord lapsed =
        new SessionRecord(
            session.values().lasting(),
            record.connection().withState(ConnectionState.DOWN),
            request.mechanismPreferences(),
            record.owner(),
            true);
    sessions.put(handle.id(), lapsed);
    session.commit();
    return lapsed;
  }

  private void runClose(ConnectionId id, Connection asked, Caller caller, Deadline deadline)
      throws EndpointException {
    Optional<SessionRecord> before = sessions.find(id);
    admission.admitClose(id, before, caller);
    Caller owner = before.map(SessionRecord::owner).orElse(caller);
    WorkingSession session = new WorkingSession(handle(id), caller, owner, deadline, before);
    try {
      chain.close(before.map(SessionRecord::connection).orElse(asked), session, ANSWER);
    } finally {
      sessions.remove(id);
      session.commit();
    }
  }

  /** The way in for one connection; holds no state of its own. */
  private final class Handle implements ConnectionHandle {

    private final ConnectionId id;

    Handle(ConnectionId id) {
      this.id = id;
    }

    @Override
    public ConnectionId id() {
      return id;
    }

    @Override
    public Optional<Connection> established() {
      return sessions.find(id).filter(record -> !record.lapsed()).map(SessionRecord::connection);
    }

    @Override
    public CompletionStage<Connection> request(UnaryOperator<ConnectionRequest> change) {
      return turns.event(
          REQUEST,
          id,
          deadline -> {
            ConnectionRequest repeat =
                sessions
                    .find(id)
                    .map(SessionRecord::repeat)
                    .orElseThrow(
                        () ->
                            new EndpointException(
                                Reason.NOT_FOUND, "connection: " + id + " is closed"));
            return runRequest(id, change.apply(repeat), Caller.SELF, deadline);
          });
    }

    @Override
    public CompletionStage<Void> closeIf(String why, BooleanSupplier still) {
      return turns
          .event(
              CLOSE,
              id,
              deadline -> {
                Optional<SessionRecord> record = sessions.find(id);
                if (record.isPresent() && still.getAsBoolean()) {
                  LOG.debug("closing connection {}: {}", id, why);
                  runClose(id, record.get().connection(), Caller.SELF, deadline);
                }
                return record.isPresent();
              })
          .thenAccept(closed -> {});
    }
  }
}
