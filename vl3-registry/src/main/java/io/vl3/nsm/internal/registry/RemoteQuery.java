package io.vl3.nsm.internal.registry;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.DomainName;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.Registry;

/**
 * A query that perhaps goes to another domain.
 *
 * @param query the query as that domain understands it
 * @param domain the domain; empty text: this one
 */
record RemoteQuery(EndpointQuery query, String domain) {

  static RemoteQuery of(EndpointQuery query) throws EndpointException {
    DomainName name = DomainName.parse(query.name());
    DomainName service = DomainName.parse(query.service());
    if (name.remote() && service.remote() && !name.domain().equals(service.domain())) {
      throw new EndpointException(
          Reason.INVALID,
          "query: %s offering %s (expected: one domain)".formatted(query.name(), query.service()));
    }
    String domain = name.remote() ? name.domain() : service.domain();
    return new RemoteQuery(
        new EndpointQuery(name.local(), service.local(), query.labels(), query.url()), domain);
  }

  boolean remote() {
    return !domain.isEmpty();
  }

  /** The record as this domain shall know it: reached by way of the other domain's manager. */
  EndpointRecord named(EndpointRecord found) {
    return found.withName(found.localName() + "@" + domain).withUrl("tcp://" + domain);
  }

  Registry.Listener named(Registry.Listener listener) {
    return new Registry.Listener() {
      @Override
      public void onPresent(EndpointRecord endpoint) {
        listener.onPresent(named(endpoint));
      }

      @Override
      public void onGone(EndpointRecord endpoint) {
        listener.onGone(named(endpoint));
      }

      @Override
      public void onSynced() {
        listener.onSynced();
      }

      @Override
      public void onEnd(Throwable cause) {
        listener.onEnd(cause);
      }
    };
  }
}
