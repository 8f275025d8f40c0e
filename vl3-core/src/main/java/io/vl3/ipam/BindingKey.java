package io.vl3.ipam;

import io.vl3.connection.Connection;
import io.vl3.connection.PathSegment;
import io.vl3.endpoint.Session;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  /** Four words, without other characters than URLs have. */
  String toText() {
    return Stream.of(service, caller, client, id)
        .map(word -> URLEncoder.encode(word, StandardCharsets.UTF_8))
        .collect(Collectors.joining(" "));
  }

  /** Reads {@link #toText} back. */
  static BindingKey parse(String text) {
    String[] words = text.split(" ", -1);
    if (words.length != 4) {
      throw new IllegalArgumentException("binding: %s (expected: 4 words)".formatted(text));
    }
    return new BindingKey(decode(words[0]), decode(words[1]), decode(words[2]), decode(words[3]));
  }

  private static String decode(String word) {
    return URLDecoder.decode(word, StandardCharsets.UTF_8);
  }
}
