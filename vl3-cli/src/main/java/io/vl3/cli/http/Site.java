package io.vl3.cli.http;

import io.vl3.net.IpAddress;
import java.util.List;
import java.util.function.Consumer;

/** The site that an HTTP server serves. */
public interface Site {

  /** The answer to a GET. May block. */
  Reply get(Request request);

  /**
   * Whether a client that asks for a host is answered. Unless said otherwise, every one is.
   *
   * @param host as in the request, with or without a port; empty text: not said
   */
  default boolean isHost(String host) {
    return true;
  }

  /** Whether a stream of server-sent events is at a path. Unless said otherwise, none is. */
  default boolean isStream(String path) {
    return false;
  }

  /**
   * Somebody opens a stream. May block.
   *
   * @param stream takes what it begins with; what is sent later comes after that
   */
  default void join(Consumer<List<String>> stream) {
    throw new IllegalStateException("stream: none (expected: asked for by its path)");
  }

  /**
   * Whether a host is named by address or as localhost. A name that somebody else's DNS lets point
   * to this machine would make what is served part of their site for a browser.
   */
  static boolean isAddress(String host) {
    String name = host.replaceFirst(":[0-9]+$", "");
    return name.equals("localhost")
        || IpAddress.tryParse(name.replaceFirst("^\\[(.*)\\]$", "$1")).isPresent();
  }
}
