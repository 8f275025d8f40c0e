package io.vl3.nsm.manager;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ConnectionWeight;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.memory.SharedMemory;
import java.util.Optional;

/**
 * Bounds what established connections make this process keep: in all, and for each caller of
 * another node. A caller that wants more is refused with EXHAUSTED. A refresh that is little more
 * than before always passes: tokens are not all of one length.
 */
final class BoundMemory implements Endpoint {

  /** A connection is kept as it was asked, as it was answered, and with the link it wants. */
  private static final int COPIES = 2;

  private static final int SLACK_BYTES = 4 * 1024;

  private static final Key<Taken> TAKEN = Key.named("memory taken");

  private final SharedMemory here;
  private final SharedMemory elsewhere;

  /**
   * An element.
   *
   * @param here for all callers of this machine's user, who are one
   * @param elsewhere for callers of other nodes
   */
  BoundMemory(SharedMemory here, SharedMemory elsewhere) {
    this.here = here;
    this.elsewhere = elsewhere;
  }

  /** A quarter of the heap for callers of this machine, an eighth for all others. */
  static BoundMemory ofHeap() {
    long quarter = Runtime.getRuntime().maxMemory() / 4;
    return new BoundMemory(new SharedMemory(quarter, quarter), SharedMemory.ofHeap(8));
  }

  /** The number of callers whose connections take any. */
  int users() {
    return here.users() + elsewhere.users();
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    grow(session, COPIES * ConnectionWeight.of(request.connection()));
    Connection answer = next.request(request);
    grow(session, COPIES * ConnectionWeight.of(answer));
    return answer;
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    try {
      next.close(connection);
    } finally {
      session.remove(TAKEN).ifPresent(Taken::giveBack);
    }
  }

  @Override
  public Description description() {
    return Description.of(this).doing("bounds the memory of connections in bytes");
  }

  private void grow(Session session, long bytes) throws EndpointException {
    Optional<Taken> before = session.get(TAKEN);
    long more = bytes - before.map(Taken::bytes).orElse(0L);
    if (more <= before.map(held -> SLACK_BYTES).orElse(0)) {
      return;
    }
    // An event of our own is no caller's: the connection stays with whom it was taken for.
    SharedMemory memory = before.map(Taken::of).orElseGet(() -> memoryFor(session.caller()));
    String user = before.map(Taken::user).orElseGet(() -> session.caller().identity());
    if (!memory.take(user, more)) {
      throw new EndpointException(
          Reason.EXHAUSTED,
          "connection: %d bytes more (expected: all connections of %s in %d KiB) [manager]"
              .formatted(more, user, memory.mostEach() / 1024));
    }
    session.onFailure("give back memory", () -> memory.giveBack(user, more));
    session.put(TAKEN, new Taken(memory, user, bytes));
  }

  private SharedMemory memoryFor(Caller caller) {
    return LocalCallers.isLocal(caller) ? here : elsewhere;
  }

  private record Taken(SharedMemory of, String user, long bytes) {

    void giveBack() {
      of.giveBack(user, bytes);
    }
  }
}
