package io.vl3.nsm.legacy;

import io.vl3.registry.PeerLabels;
import java.util.HashMap;
import java.util.Map;

/**
 * Labels of registrations. The 0.2 registry keeps them as labels of Kubernetes objects, whose
 * prefixes may have no capitals: ours have another prefix there.
 */
final class LegacyLabels {

  /** The name of an endpoint that is registered in several NSMs, the same in all of them. */
  static final String NAME = "vl3.nse/name";

  private static final String HERE = "vl3Nse/";
  private static final String THERE = "vl3.nse/";

  private LegacyLabels() {}

  static Map<String, String> read(Map<String, String> there) {
    return renamed(there, THERE, HERE);
  }

  /**
   * Writes the labels of a registration.
   *
   * @param name the endpoint's name here, which goes along if it has that name elsewhere too
   */
  static Map<String, String> write(Map<String, String> here, String name) {
    Map<String, String> there = renamed(here, HERE, THERE);
    if (here.containsKey(PeerLabels.REGISTRIES)) {
      there.put(NAME, name);
    }
    return there;
  }

  private static Map<String, String> renamed(Map<String, String> labels, String from, String to) {
    Map<String, String> renamed = new HashMap<>();
    labels.forEach(
        (key, value) ->
            renamed.put(key.startsWith(from) ? to + key.substring(from.length()) : key, value));
    return renamed;
  }
}
