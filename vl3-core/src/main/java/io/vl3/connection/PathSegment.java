package io.vl3.connection;

import java.util.Map;
import java.util.Optional;

/**
 * One component that a connection passes.
 *
 * @param name the component's name
 * @param id the connection's id on the hop behind the component
 * @param token the component's token, if it sent one
 * @param metrics what the component tells of itself
 */
public record PathSegment(
    String name, String id, Optional<Token> token, Map<String, String> metrics) {

  /** Copies the metrics. */
  public PathSegment {
    metrics = Map.copyOf(metrics);
  }

  /** A segment without token and metrics. */
  public static PathSegment of(String name, String id) {
    return new PathSegment(name, id, Optional.empty(), Map.of());
  }

  /** This segment with a token. */
  public PathSegment withToken(Token changed) {
    return new PathSegment(name, id, Optional.of(changed), metrics);
  }
}
