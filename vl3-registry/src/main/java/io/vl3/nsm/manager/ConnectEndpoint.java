package io.vl3.nsm.manager;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.DomainName;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of the manager's chain: calls the endpoint that was selected, or another if that is away,
 * and watches the connection there. When another endpoint takes over, the earlier one is told to
 * close after the new one has answered, so that a failure leaves what was.
 */
final class ConnectEndpoint implements Endpoint {

  private static final Logger LOG = LoggerFactory.getLogger(ConnectEndpoint.class);

  private static final Next END =
      new Next() {
        @Override
        public Connection request(ConnectionRequest request) {
          return request.connection();
        }

        @Override
        public void close(Connection connection) {}
      };

  private final EndpointLines lines;
  private final Executor executor;

  /**
   * An element.
   *
   * @param executor where earlier endpoints are told to close; such calls block
   */
  ConnectEndpoint(EndpointLines lines, Executor executor) {
    this.lines = lines;
    this.executor = executor;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Selection selection = session.get(Selection.KEY).orElseThrow();
    EndpointException away = null;
    for (Target target : selection.targets()) {
      try {
        return attempt(target, request, session);
      } catch (EndpointException failure) {
        if (away != null) {
          failure.addSuppressed(away);
        }
        if (!selection.mayTryNext() || failure.reason() != Reason.UNAVAILABLE) {
          throw failure;
        }
        away = failure;
      }
    }
    throw Objects.requireNonNull(away, "no target");
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    Optional<Served> served = session.remove(Served.KEY);
    if (served.isPresent()) {
      try (EndpointLines.Lease lease = served.get().lease()) {
        lease.rest();
        lease.endpoint().close(refreshed(served.get().answer(), connection), session, END);
      }
      return;
    }
    Optional<Target> target = session.get(Selection.KEY).map(known -> known.targets().get(0));
    if (target.isPresent()) {
      try (EndpointLines.Lease lease = lines.acquire(target.get().url())) {
        lease.endpoint().close(asThere(connection, target.get()), session, END);
      }
    }
  }

  @Override
  public Description description() {
    return Description.of(this).doing("calls the endpoint and watches the connection there");
  }

  private Connection attempt(Target target, ConnectionRequest request, Session session)
      throws EndpointException {
    Optional<Served> before = session.get(Served.KEY);
    Optional<Served> same = before.filter(served -> served.target().isSameAs(target));
    Attempt attempt = new Attempt(session, same.isEmpty());
    try {
      EndpointLines.Lease lease = lines.acquire(target.url());
      attempt.onFailure("release the channel to " + target.url(), lease::close);
      Connection asked =
          asThere(request.connection(), target).toBuilder()
              .mechanism(same.flatMap(served -> served.answer().mechanism()))
              .build();
      Connection answer = lease.endpoint().request(request.withConnection(asked), attempt, END);
      Served served = new Served(target.answeredAs(answer.endpointName()), answer, lease);
      session.put(Served.KEY, served);
      attempt.onCommit("watch at " + target.url(), () -> lease.watch(answer));
      before.ifPresent(
          earlier ->
              attempt.onCommit("leave the earlier", () -> leave(earlier, same.isEmpty(), session)));
      attempt.succeed();
      return answer.toBuilder()
          .networkService(request.connection().networkService())
          .endpointName(target.here(served.target().name()))
          .build();
    } catch (EndpointException | RuntimeException | Error failure) {
      before.ifPresentOrElse(
          earlier -> session.put(Served.KEY, earlier), () -> session.remove(Served.KEY));
      attempt.undo(failure);
      throw failure;
    }
  }

  private void leave(Served earlier, boolean moved, Session session) {
    if (!moved) {
      earlier.lease().close();
      return;
    }
    executor.execute(
        () -> {
          try (EndpointLines.Lease lease = earlier.lease()) {
            lease.rest();
            lease.leave(earlier.answer(), session, END);
          } catch (EndpointException failure) {
            LOG.debug(
                "connection {}: left to expire at {}: {}",
                session.id(),
                earlier.target().url(),
                failure.getMessage());
          }
        });
  }

  private static Connection asThere(Connection here, Target target) {
    return here.toBuilder()
        .networkService(DomainName.parse(here.networkService()).local())
        .endpointName(target.name())
        .build();
  }

  /** The connection as the endpoint knows it, with the tokens of now. */
  private static Connection refreshed(Connection answer, Connection now) {
    return now.id().equals(answer.id()) ? answer.withPath(now.path()) : answer;
  }
}
