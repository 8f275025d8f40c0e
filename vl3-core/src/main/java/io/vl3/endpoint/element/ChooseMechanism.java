package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers with one of several mechanisms (NSM v1, {@code mechanisms}): with the one that the
 * connection has already, else with the first of the client's preferences that is offered. Each is
 * answered by an element of its own, such as {@link OfferKernelInterface}.
 */
public final class ChooseMechanism implements Endpoint {

  private static final Key<String> CHOSEN = Key.named("mechanism");

  private final Map<String, Endpoint> offers;

  /**
   * An element.
   *
   * @param offers what answers a mechanism's type; at least one
   */
  public ChooseMechanism(Map<String, Endpoint> offers) {
    if (offers.isEmpty()) {
      throw new IllegalArgumentException("offers: none (expected: at least one mechanism)");
    }
    this.offers = new LinkedHashMap<>(offers);
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    String type = choice(request, session);
    session.put(CHOSEN, type);
    return offer(type).request(request, session, next);
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    Optional<String> chosen =
        session
            .remove(CHOSEN)
            .or(() -> connection.mechanism().map(Mechanism::type).filter(offers::containsKey));
    if (chosen.isPresent()) {
      offer(chosen.get()).close(connection, session, next);
    } else {
      next.close(connection);
    }
  }

  @Override
  public Description description() {
    return Description.of(this)
        .doing("answers one of " + String.join(", ", offers.keySet()))
        .after(UpdatePath.class);
  }

  private Endpoint offer(String type) {
    Endpoint offer = offers.get(type);
    if (offer == null) {
      throw new IllegalStateException("mechanism: " + type + " (expected: one that is offered)");
    }
    return offer;
  }

  private String choice(ConnectionRequest request, Session session) throws EndpointException {
    Optional<String> established = session.get(CHOSEN);
    Optional<String> carried = request.connection().mechanism().map(Mechanism::type);
    if (carried.isPresent()) {
      if (established.isPresent() && !established.equals(carried)) {
        throw invalid(carried.get(), established.get() + ", as established");
      }
      if (!offers.containsKey(carried.get())) {
        throw invalid(carried.get(), "one of " + offers.keySet());
      }
      return carried.get();
    }
    List<String> preferred = request.mechanismPreferences().stream().map(Mechanism::type).toList();
    return established
        .or(() -> preferred.stream().filter(offers::containsKey).findFirst())
        .orElseThrow(
            () ->
                new EndpointException(
                    Reason.INVALID,
                    "mechanism_preferences: %s (expected: %s among them)"
                        .formatted(preferred, String.join(" or ", offers.keySet()))));
  }

  private static EndpointException invalid(String type, String expected) {
    return new EndpointException(
        Reason.INVALID, "connection.mechanism: %s (expected: %s)".formatted(type, expected));
  }
}
