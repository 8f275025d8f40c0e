package io.vl3.admin;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Who may ask an admin service from another machine.
 *
 * @param allowed SPIFFE IDs ({@code spiffe://DOMAIN/PATH}), and trust domains ({@code
 *     spiffe://DOMAIN}), of which every ID may ask
 */
public record AdminAccess(List<String> allowed) {

  private static final Pattern FORM =
      Pattern.compile("spiffe://[a-z0-9._-]{1,255}(?:/[A-Za-z0-9._-]+)*");

  /** Copies the list, and refuses what is no SPIFFE ID. */
  public AdminAccess {
    allowed = List.copyOf(allowed);
    allowed.forEach(AdminAccess::parse);
  }

  /**
   * Checks one.
   *
   * @throws IllegalArgumentException if it is neither an ID nor a trust domain
   */
  public static String parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "%s (expected: spiffe://DOMAIN or spiffe://DOMAIN/PATH)".formatted(text));
    }
    return text;
  }

  /** Whether a caller is one of them. */
  boolean allows(String spiffeId) {
    return allowed.stream()
        .anyMatch(
            each -> spiffeId.equals(each) || (isDomain(each) && spiffeId.startsWith(each + "/")));
  }

  private static boolean isDomain(String text) {
    return text.indexOf('/', "spiffe://".length()) < 0;
  }
}
