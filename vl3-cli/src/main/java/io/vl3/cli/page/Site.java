package io.vl3.cli.page;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The site that an HTTP server serves. */
interface Site {

  /** Where the stream of server-sent events is. */
  String STREAM = "/api/stream";

  /**
   * The answer to a GET. May block.
   *
   * @param path without the query
   * @param query its parameters
   */
  Reply get(String path, Map<String, List<String>> query);

  /**
   * Somebody opens a stream. May block.
   *
   * @param stream takes what it begins with; what is sent later comes after that
   */
  void join(Consumer<List<String>> stream);
}
