package io.vl3.nsm.manager;

import io.vl3.net.DomainName;

/**
 * Who may serve a connection: an endpoint of this domain, or the manager of another.
 *
 * @param name the endpoint's name in its own domain; empty text: the other manager chooses
 * @param url where it is called
 * @param domain the domain; empty text: this one
 */
record Target(String name, String url, String domain) {

  /** Whether the manager of another domain serves. */
  boolean remote() {
    return !domain.isEmpty();
  }

  /** Whether the other is the same endpoint; one that another manager chooses may be any there. */
  boolean isSameAs(Target other) {
    return domain.equals(other.domain)
        && (name.equals(other.name) || (remote() && (name.isEmpty() || other.name.isEmpty())));
  }

  /** This target with the name that it answered. */
  Target answeredAs(String answered) {
    return new Target(answered.isEmpty() ? name : answered, url, domain);
  }

  /** A name of its domain as this one says it. */
  String here(String theirs) {
    return new DomainName(theirs, theirs.isEmpty() ? "" : domain).toString();
  }
}
