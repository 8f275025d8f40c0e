package io.vl3.cli.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vl3.api.admin.v1.Connection;
import io.vl3.api.admin.v1.Interface;
import io.vl3.cli.admin.Member;
import io.vl3.cli.admin.Topology;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What passes over links, and how long a probe takes: what changes all the time, apart from the
 * state. Not thread-safe.
 */
final class Traffic {

  private static final double NANOS = 1e9;
  private static final int BITS = 8;

  /** The counters of the last time, by NSE and interface. */
  private Map<String, Seen> before = Map.of();

  private record Seen(double bytes, long nanos) {}

  /**
   * The links between the same ends as in the state, each once, in one line.
   *
   * @param nanos when the members were asked
   */
  String of(List<Member> members, long nanos) {
    Map<String, Seen> now = new HashMap<>();
    members.forEach(
        member ->
            member.interfaces().forEach(each -> now.put(key(each), new Seen(bytes(each), nanos))));
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode links = root.putArray("links");
    Set<List<String>> told = new HashSet<>();
    for (Member member : members) {
      for (Connection connection : member.connections()) {
        List<String> ends = Topology.ends(connection);
        if (told.add(ends)) {
          add(links.addObject().put("from", ends.get(0)).put("to", ends.get(1)), connection, now);
        }
      }
    }
    before = now;
    return root.toString();
  }

  private void add(ObjectNode link, Connection connection, Map<String, Seen> now) {
    String key = connection.getNse() + " " + connection.getInterface();
    Seen last = before.get(key);
    Seen seen = now.get(key);
    if (last != null && seen != null && seen.nanos > last.nanos && seen.bytes >= last.bytes) {
      double seconds = (seen.nanos - last.nanos) / NANOS;
      link.put("bits", Math.round(BITS * (seen.bytes - last.bytes) / seconds));
    }
    if (connection.getRoundTripSeconds() > 0) {
      link.put("seconds", connection.getRoundTripSeconds());
    }
  }

  private static String key(Interface each) {
    return each.getComponent() + " " + each.getName();
  }

  private static double bytes(Interface each) {
    return each.getBytesIn() + each.getBytesOut();
  }
}
