package io.vl3.nsm.legacy;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.registry.PeerLabels;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Has the registry searched at once for a peer that asks and that no search has found yet, and
 * waits for that. The registry tells nobody of a new endpoint, which asks for its links as soon as
 * it has found us; the original's asks only once. Only such a request waits, and one search at a
 * time runs for all.
 */
final class SearchForStranger implements Endpoint {

  private final LegacyRegistry registry;
  private final EndpointNames names;

  SearchForStranger(LegacyRegistry registry, EndpointNames names) {
    this.registry = registry;
    this.names = names;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    String peer = request.connection().labels().get(PeerLabels.NAME);
    if (peer == null || registry.hasTold(peer)) {
      return next.request(request);
    }
    // Half of the time is for the answer.
    search(session.deadline().remaining().dividedBy(2));
    return next.request(request.mapConnection(this::named));
  }

  @Override
  public Description description() {
    return Description.of(this).doing("looks for a peer that is not known yet");
  }

  /** Whether it was found is for others to see. */
  private void search(Duration longest) {
    try {
      registry.hurry().get(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException unknown) {
      return;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The name that it goes by here is known only now. */
  private Connection named(Connection asked) {
    return asked.withLabels(LegacyDialect.peerNamed(asked.labels(), names::shown));
  }
}
