package io.vl3.nsm.registry;

import io.grpc.Metadata;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The {@code path} header of registry calls (NSM v1): the components that a registration passed,
 * made by the servers and sent back to them with the next refresh. Not looked into here.
 */
final class PathHeader {

  static final Metadata.Key<String> KEY = Metadata.Key.of("path", Metadata.ASCII_STRING_MARSHALLER);

  private static final String START = "{\"Index\":0,\"PathSegments\":null}";

  private final ConcurrentMap<String, String> paths = new ConcurrentHashMap<>();

  /** The header for a call about a registration. */
  Metadata of(String name) {
    Metadata headers = new Metadata();
    headers.put(KEY, paths.getOrDefault(name, START));
    return headers;
  }

  /** Keeps what a server answered. */
  void keep(String name, Optional<Metadata> answered) {
    answered
        .flatMap(headers -> Optional.ofNullable(headers.get(KEY)))
        .ifPresent(path -> paths.put(name, path));
  }

  void forget(String name) {
    paths.remove(name);
  }

  int size() {
    return paths.size();
  }
}
