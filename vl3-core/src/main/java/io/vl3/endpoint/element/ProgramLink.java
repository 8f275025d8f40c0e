package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.dataplane.LinkProgram;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.time.Deadline;
import io.vl3.time.Timer;
import io.vl3.tracing.Tracing;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Programs the link of a connection once what is behind it has answered, and removes it after what
 * is behind it is closed. A refresh that changes nothing sends nothing.
 *
 * <p>If the link fails, the request fails with the data plane's reason. The connection behind it is
 * then undone by the elements that made it: an element that established a connection onward has
 * registered its close as the undo.
 */
public final class ProgramLink implements Endpoint {

  private static final Logger LOG = LoggerFactory.getLogger(ProgramLink.class);

  private static final Key<Link> LINK = Key.named("link");

  private final LinkProgram program;
  private final LinkFactory factory;
  private final Timer timer;
  private final Duration undoTimeout;

  /**
   * An element.
   *
   * @param undoTimeout how long an undo may take: a failed request's own time may be over
   */
  public ProgramLink(LinkProgram program, LinkFactory factory, Timer timer, Duration undoTimeout) {
    this.program = program;
    this.factory = factory;
    this.timer = timer;
    this.undoTimeout = undoTimeout;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Connection answer = next.request(request);
    Optional<Link> link = factory.link(request, answer, session);
    if (link.isEmpty()) {
      session.remove(LINK).ifPresent(old -> removeAfterwards(old, session));
      return answer;
    }
    registerUndo(link.get(), session.get(LINK), session);
    LinkOutcome.Applied applied =
        Tracing.step(
            "program link",
            Tracing.LINK,
            link.get().key().value(),
            () -> program.put(link.get(), session.deadline()));
    session.put(LINK, link.get());
    return withMtu(answer, applied.mtuBytes());
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    LinkKey key =
        session.remove(LINK).map(Link::key).orElseGet(() -> keyOf(connection)); // after a restart
    Closing.inOrder(() -> next.close(connection), () -> program.remove(key, session.deadline()));
  }

  @Override
  public Description description() {
    return Description.of(this).doing("programs the link").after(UpdatePath.class);
  }

  /** The key under which a connection's link is known: our own id of it. */
  public static LinkKey keyOf(Connection connection) {
    return new LinkKey(connection.requireId().value());
  }

  private void registerUndo(Link link, Optional<Link> before, Session session) {
    before
        .filter(old -> !old.key().equals(link.key()))
        .ifPresent(old -> removeAfterwards(old, session));
    if (before.isPresent() && before.get().key().equals(link.key())) {
      session.onFailure("put link back " + link.key(), () -> putBack(before.get()));
    } else {
      session.onFailure("remove link " + link.key(), () -> takeBack(link.key()));
    }
  }

  /** The first failure to remove a link is reported; its removal waits to be repeated then. */
  private void takeBack(LinkKey key) throws EndpointException {
    boolean reported = program.isUnremoved(key);
    try {
      program.remove(key, undoDeadline());
    } catch (EndpointException failure) {
      if (!reported) {
        throw failure;
      }
      LOG.debug("link {}: still not removed: {}", key, failure.getMessage());
    }
  }

  private void removeAfterwards(Link old, Session session) {
    session.onCommit("remove link " + old.key(), () -> program.remove(old.key(), undoDeadline()));
  }

  private void putBack(Link old) throws EndpointException {
    program.put(old, undoDeadline());
  }

  private Deadline undoDeadline() {
    return Deadline.after(undoTimeout, timer);
  }

  private static Connection withMtu(Connection answer, int mtuBytes) {
    int told = answer.context().mtuBytes();
    boolean lower = mtuBytes > 0 && (told == 0 || mtuBytes < told);
    return lower ? answer.withContext(answer.context().withMtuBytes(mtuBytes)) : answer;
  }
}
