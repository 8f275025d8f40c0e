package io.vl3.connection;

import java.util.Collection;
import java.util.Map;

/**
 * How many bytes of memory a connection takes: an estimate that no text or list of a caller's
 * escapes, rather too high than too low.
 */
public final class ConnectionWeight {

  /** The connection itself, with its parts. */
  private static final int CONNECTION_BYTES = 512;

  /** An object with its place in a list: an address, a route, a segment. */
  private static final int ITEM_BYTES = 96;

  private static final int TEXT_BYTES = 64;

  private ConnectionWeight() {}

  /** The weight of one. */
  public static long of(Connection connection) {
    return CONNECTION_BYTES
        + text(connection.networkService())
        + text(connection.endpointName())
        + texts(connection.labels())
        + connection.mechanism().map(ConnectionWeight::mechanism).orElse(0L)
        + context(connection.context())
        + connection.path().segments().stream().mapToLong(ConnectionWeight::segment).sum()
        + connection.passthrough().map(Passthrough::weightBytes).orElse(0L);
  }

  private static long mechanism(Mechanism mechanism) {
    return ITEM_BYTES
        + text(mechanism.cls())
        + text(mechanism.type())
        + texts(mechanism.parameters());
  }

  private static long context(ConnectionContext context) {
    return ip(context.ip()) + items(context.beyond()) + dns(context);
  }

  private static long dns(ConnectionContext context) {
    return context.dns().stream()
        .mapToLong(config -> ITEM_BYTES + items(config.servers()) + texts(config.searchDomains()))
        .sum();
  }

  private static long ip(IpContext ip) {
    return items(ip.clientAddresses())
        + items(ip.endpointAddresses())
        + items(ip.clientRoutes())
        + items(ip.endpointRoutes())
        + items(ip.excludedPrefixes())
        + items(ip.extraPrefixRequests())
        + items(ip.extraPrefixes());
  }

  private static long segment(PathSegment segment) {
    return ITEM_BYTES
        + text(segment.name())
        + text(segment.id())
        + segment.token().map(token -> text(token.value())).orElse(0L)
        + texts(segment.metrics());
  }

  private static long items(Collection<?> items) {
    return (long) ITEM_BYTES * items.size();
  }

  private static long texts(Map<String, String> texts) {
    return texts(texts.keySet()) + texts(texts.values());
  }

  private static long texts(Collection<String> texts) {
    return texts.stream().mapToLong(ConnectionWeight::text).sum();
  }

  /** In the worst case, of two bytes a character. */
  private static long text(String text) {
    return TEXT_BYTES + 2L * text.length();
  }
}
