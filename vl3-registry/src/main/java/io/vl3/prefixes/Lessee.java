package io.vl3.prefixes;

import io.vl3.api.ippool.Identifier;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Who leases a prefix: all that the original's API says of an NSE.
 *
 * @param fqdn the configuration's {@code nseControl.address}
 * @param name {@code CLUSTER_POD}
 * @param domain the configuration's {@code nseControl.connectivityDomain}
 */
record Lessee(String fqdn, String name, String domain) {

  private static final int MOST_CHARACTERS = 1024;
  private static final int PARTS = 3;

  /**
   * Reads an identifier.
   *
   * @throws EndpointException INVALID if it says nothing, or is too long to be remembered
   */
  static Lessee of(Identifier identifier) throws EndpointException {
    Lessee lessee =
        new Lessee(identifier.getFqdn(), identifier.getName(), identifier.getConnectivityDomain());
    int length = lessee.fqdn.length() + lessee.name.length() + lessee.domain.length();
    if (length == 0 || length > MOST_CHARACTERS) {
      throw new EndpointException(
          Reason.INVALID,
          "identifier: %d characters (expected: 1..%d)".formatted(length, MOST_CHARACTERS));
    }
    return lessee;
  }

  /** What {@link #toText} made; IllegalArgumentException for anything else. */
  static Lessee parse(String text) {
    String[] parts = text.split(" ", -1);
    if (parts.length != PARTS) {
      throw new IllegalArgumentException("lessee: %s (expected: three words)".formatted(text));
    }
    return new Lessee(decode(parts[0]), decode(parts[1]), decode(parts[2]));
  }

  /** As three words without tabs and line feeds. */
  String toText() {
    return "%s %s %s".formatted(encode(fqdn), encode(name), encode(domain));
  }

  private static String encode(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8);
  }

  private static String decode(String part) {
    return URLDecoder.decode(part, StandardCharsets.UTF_8);
  }
}
