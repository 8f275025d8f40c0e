package io.vl3.registry;

import java.util.List;
import java.util.Map;

/**
 * A network service and how its endpoints are chosen (NSM v1, {@code registry.NetworkService}).
 *
 * @param name the service's name
 * @param payload {@code IP} or {@code ETHERNET}
 * @param matches rules, first that fits; empty: every endpoint serves everybody
 */
public record NetworkServiceRecord(String name, String payload, List<Match> matches) {

  /** Copies the list. */
  public NetworkServiceRecord {
    matches = List.copyOf(matches);
  }

  /** A service with payload IP whose endpoints serve everybody. */
  public static NetworkServiceRecord of(String name) {
    return new NetworkServiceRecord(name, "IP", List.of());
  }

  /**
   * A rule.
   *
   * @param sourceSelector labels that the request must carry
   * @param destinationSelectors label sets, any of which the endpoint must carry; values may be
   *     templates over the request's labels, like <code>{{.podName}}</code>; empty: any endpoint
   * @param fallThrough whether the next rule is tried when no endpoint fits
   */
  public record Match(
      Map<String, String> sourceSelector,
      List<Map<String, String>> destinationSelectors,
      boolean fallThrough) {

    /** Copies the collections. */
    public Match {
      sourceSelector = Map.copyOf(sourceSelector);
      destinationSelectors = List.copyOf(destinationSelectors);
    }
  }
}
