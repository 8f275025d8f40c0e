package io.vl3.vpp.internal.direct;

import io.vl3.links.InstalledLinks.Counters;
import io.vl3.vpp.api.ApiException;
import io.vl3.vpp.api.ApiMessage;
import io.vl3.vpp.api.VppApi;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counters of interfaces. VPP's API has none: they are in its statistics' shared memory, and in
 * what {@code show interface} prints, which the API passes on.
 */
final class Counting {

  private static final String CLI = "cli_inband";

  /** A name, a number and a state begin an interface; each of its counters ends a line. */
  private static final Pattern HEAD = Pattern.compile("(\\S+)\\s+\\d+\\s+(?:up|down)\\b.*");

  private static final Pattern COUNTER =
      Pattern.compile(".*?\\b((?:rx|tx) (?:packets|bytes)|rx-miss|tx-error|drops)\\s+(\\d+)\\s*");

  private Counting() {}

  /** The counters by VPP's own names of interfaces; empty if this VPP cannot be asked. */
  static Map<String, Counters> read(VppApi api) throws ApiException {
    if (!api.has(CLI)) {
      return Map.of();
    }
    return parse(api.request(ApiMessage.of(CLI).with("cmd", "show interface")).text("reply"));
  }

  /** Reads what VPP prints; what is not understood is passed over. */
  static Map<String, Counters> parse(String shown) {
    Map<String, Map<String, Long>> all = new HashMap<>();
    Map<String, Long> current = new HashMap<>();
    for (String line : shown.lines().toList()) {
      Matcher head = HEAD.matcher(line);
      if (head.matches()) {
        current = new HashMap<>();
        all.put(head.group(1), current);
      }
      Matcher counter = COUNTER.matcher(line);
      if (counter.matches()) {
        current.put(counter.group(1), Long.parseLong(counter.group(2)));
      }
    }
    Map<String, Counters> counters = new HashMap<>();
    all.forEach((name, values) -> counters.put(name, counters(values)));
    return counters;
  }

  /** VPP counts all drops of an interface's packets together. */
  private static Counters counters(Map<String, Long> values) {
    return new Counters(
        values.getOrDefault("rx packets", 0L),
        values.getOrDefault("rx bytes", 0L),
        values.getOrDefault("drops", 0L) + values.getOrDefault("rx-miss", 0L),
        values.getOrDefault("tx packets", 0L),
        values.getOrDefault("tx bytes", 0L),
        values.getOrDefault("tx-error", 0L));
  }
}
