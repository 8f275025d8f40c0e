package io.vl3.cli.http;

import java.util.List;
import java.util.Map;

/**
 * A GET.
 *
 * @param path without the query
 * @param query its parameters
 * @param accept which types of content the client takes, as its header says; empty text: any
 */
public record Request(String path, Map<String, List<String>> query, String accept) {

  /** The first value of a parameter; empty text: there is none. */
  public String first(String name) {
    return query.getOrDefault(name, List.of("")).get(0);
  }
}
