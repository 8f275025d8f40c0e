package io.vl3.net;

/**
 * A name that may lie in another domain: {@code name} or {@code name@domain}.
 *
 * @param local the name as its own domain knows it
 * @param domain the domain; empty text: this one
 */
public record DomainName(String local, String domain) {

  /** Splits at the first {@code @}. */
  public static DomainName parse(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? new DomainName(text, "")
        : new DomainName(text.substring(0, at), text.substring(at + 1));
  }

  /** {@code name} of {@code name} and of {@code name@domain}. */
  public static String withoutDomain(String text) {
    return parse(text).local;
  }

  /** Whether the name lies in another domain. */
  public boolean remote() {
    return !domain.isEmpty();
  }

  /** {@code name} or {@code name@domain}. */
  @Override
  public String toString() {
    return remote() ? local + "@" + domain : local;
  }
}
