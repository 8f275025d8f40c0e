package io.vl3.ipam;

import io.vl3.connection.Connection;
import io.vl3.connection.PathSegment;
import io.vl3.endpoint.Session;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose a binding is: the same for a workload whichever managers its requests come by.
 *
 * @param service the network service
 * @param caller the authenticated identity of who asks us
 * @param client name of the path's first component, the workload
 * @param id the connection's id there
 */
record BindingKey(String service, String caller, String client, String id) {

  /** The key of a connection; one without path is known by the id that its caller chose. */
  static BindingKey of(Connection connection, Session session) {
    Optional<PathSegment> first = connection.path().segment(0);
    return new BindingKey(
        connection.networkService(),
        session.owner().identity(),
        first.map(PathSegment::name).orElse(""),
        first.map(PathSegment::id).orElse(session.id().value()));
  }

  /** Spelled out, like the hash: without the second compiler the JDK's own for records are slow. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BindingKey that
        && id.equals(that.id)
        && client.equals(that.client)
        && caller.equals(that.caller)
        && service.equals(that.service);
  }

  @Override
  public int hashCode() {
    return 31 * client.hashCode() + id.hashCode();
  }

  /** Four words, without other characters than URLs have. */
  String toText() {
    return encode(service) + " " + encode(caller) + " " + encode(client) + " " + encode(id);
  }

  /** Reads {@link #toText} back. */
  static BindingKey parse(String text) {
    String[] words = text.split(" ", -1);
    if (words.length != 4) {
      throw new IllegalArgumentException("binding: %s (expected: 4 words)".formatted(text));
    }
    return new BindingKey(decode(words[0]), decode(words[1]), decode(words[2]), decode(words[3]));
  }

  private static String encode(String word) {
    return URLEncoder.encode(word, StandardCharsets.UTF_8);
  }

  private static String decode(String word) {
    return URLDecoder.decode(word, StandardCharsets.UTF_8);
  }
}
