package io.vl3.registry;

import java.util.List;
import java.util.Map;
import java.util.Optional;

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
   * A rule. Values of its selectors may be templates over the request's labels, like <code>
   * {{.podName}}</code>; an empty value is met by a missing label.
   *
   * @param sourceSelector labels that the request must carry
   * @param destinationSelectors label sets, any of which the endpoint must carry; an endpoint that
   *     carries two of them is twice a candidate. None: no endpoint fits, unless there is metadata,
   *     with which every endpoint does
   * @param fallThrough whether the next rule is tried when no endpoint fits
   * @param metadata labels of the rule itself
   */
  public record Match(
      Map<String, String> sourceSelector,
      List<Map<String, String>> destinationSelectors,
      boolean fallThrough,
      Optional<Map<String, String>> metadata) {

    /** Copies the collections. */
    public Match {
      sourceSelector = Map.copyOf(sourceSelector);
      destinationSelectors = List.copyOf(destinationSelectors);
      metadata = metadata.map(Map::copyOf);
    }

    /** A rule without metadata. */
    public Match(
        Map<String, String> sourceSelector,
        List<Map<String, String>> destinationSelectors,
        boolean fallThrough) {
      this(sourceSelector, destinationSelectors, fallThrough, Optional.empty());
    }
  }
}
