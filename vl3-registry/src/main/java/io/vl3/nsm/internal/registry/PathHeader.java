package io.vl3.nsm.internal.registry;

import io.grpc.Metadata;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code path} header of registry calls (NSM v1): the components that a registration passed,
 * made by the servers and sent back to them with the next refresh. Not looked into here.
 *
 * <p>Kept of the latest names only, for a registry may give another one with each refresh, and only
 * if it is not too long; without it a refresh is a new path to the servers. Thread-safe.
 */
final class PathHeader {

  static final Metadata.Key<String> KEY = Metadata.Key.of("path", Metadata.ASCII_STRING_MARSHALLER);

  /** More registrations than one process has. */
  static final int MOST_NAMES = 64;

  /** A hundred components with a token of 2 KiB each. */
  static final int MOST_CHARACTERS = 200 * 1024;

  private static final String START = "{\"Index\":0,\"PathSegments\":null}";

  /** Guarded by itself; the one used longest ago first. */
  private final Map<String, String> paths = new LinkedHashMap<>(16, 0.75f, true);

  /** The header for a call about a registration. */
  Metadata of(String name) {
    Metadata headers = new Metadata();
    synchronized (paths) {
      headers.put(KEY, paths.getOrDefault(name, START));
    }
    return headers;
  }

  /** Keeps what a server answered. */
  void keep(String name, Optional<Metadata> answered) {
    answered
        .flatMap(headers -> Optional.ofNullable(headers.get(KEY)))
        .ifPresent(path -> keep(name, path));
  }

  private void keep(String name, String path) {
    synchronized (paths) {
      if (path.length() > MOST_CHARACTERS) {
        paths.remove(name);
        return;
      }
      paths.put(name, path);
      if (paths.size() > MOST_NAMES) {
        paths.remove(paths.keySet().iterator().next());
      }
    }
  }

  void forget(String name) {
    synchronized (paths) {
      paths.remove(name);
    }
  }

  int size() {
    synchronized (paths) {
      return paths.size();
    }
  }
}
