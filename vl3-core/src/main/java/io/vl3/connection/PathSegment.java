package io.vl3.connection;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One component that a connection passes. Immutable.
 *
 * <p>There are five or so of each live connection: no record, as it would keep its token in an
 * {@link Optional}.
 */
public final class PathSegment {

  private final String name;
  private final String id;
  private final @Nullable Token token;
  private final Map<String, String> metrics;

  /** Made once for all that keep it: a session and a board. */
  private @Nullable PathSegment withoutProof;

  /**
   * A segment.
   *
   * @param name the component's name
   * @param id the connection's id on the hop behind the component
   * @param token the component's token, if it sent one
   * @param metrics what the component tells of itself; they are copied
   */
  public PathSegment(String name, String id, Optional<Token> token, Map<String, String> metrics) {
    this.name = name;
    this.id = id;
    this.token = token.orElse(null);
    this.metrics = Map.copyOf(metrics);
  }

  /** A segment without token and metrics. */
  public static PathSegment of(String name, String id) {
    return new PathSegment(name, id, Optional.empty(), Map.of());
  }

  /** The component's name. */
  public String name() {
    return name;
  }

  /** The connection's id on the hop behind the component. */
  public String id() {
    return id;
  }

  /** The component's token, if it sent one. */
  public Optional<Token> token() {
    return Optional.ofNullable(token);
  }

  /** What the component tells of itself. */
  public Map<String, String> metrics() {
    return metrics;
  }

  /** This segment with a token. */
  public PathSegment withToken(Token changed) {
    return new PathSegment(name, id, Optional.of(changed), metrics);
  }

  boolean hasProof() {
    return token != null && token.isProof();
  }

  /** This segment with no more of its token than when it ends. */
  PathSegment withoutProof() {
    if (token == null || !token.isProof()) {
      return this;
    }
    PathSegment made = withoutProof;
    if (made == null) {
      made = withToken(token.withoutProof());
      withoutProof = made;
    }
    return made;
  }

  /** This segment with the token of an earlier one, if of the same token only its end is left. */
  PathSegment withProofOf(PathSegment earlier) {
    return token != null && token.equals(earlier.withoutProof().token) && isOf(earlier)
        ? earlier.token().map(this::withToken).orElse(this)
        : this;
  }

  private boolean isOf(PathSegment other) {
    return name.equals(other.name) && id.equals(other.id);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (other == this) {
      return true;
    }
    return other instanceof PathSegment that
        && isOf(that)
        && Objects.equals(token, that.token)
        && metrics.equals(that.metrics);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + id.hashCode();
  }

  @Override
  public String toString() {
    return "PathSegment[name=%s, id=%s, token=%s, metrics=%s]".formatted(name, id, token, metrics);
  }
}
