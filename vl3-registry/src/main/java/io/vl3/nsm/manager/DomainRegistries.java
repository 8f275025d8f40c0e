package io.vl3.nsm.manager;

import io.vl3.connection.TokenSource;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.internal.registry.RemoteDomains;
import io.vl3.registry.Registry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The registries of other embedded managers, each by one channel that is kept. Thread-safe. */
final class DomainRegistries implements RemoteDomains, AutoCloseable {

  /** A request for a domain that does not exist costs a channel: they are bounded. */
  private static final int MAX = 256;

  private final NsmRuntime runtime;
  private final TokenSource tokens;
  private final Object lock = new Object();
  private final Map<String, ManagerAccess> domains = new HashMap<>();

  DomainRegistries(NsmRuntime runtime, TokenSource tokens) {
    this.runtime = runtime;
    this.tokens = tokens;
  }

  @Override
  public Registry registry(String domain) throws EndpointException {
    synchronized (lock) {
      ManagerAccess known = domains.get(domain);
      if (known == null) {
        known = open(domain);
        domains.put(domain, known);
      }
      return known.registry();
    }
  }

  @Override
  public void close() {
    List<ManagerAccess> open;
    synchronized (lock) {
      open = List.copyOf(domains.values());
      domains.clear();
    }
    open.forEach(ManagerAccess::close);
  }

  private ManagerAccess open(String domain) throws EndpointException {
    if (domains.size() >= MAX) {
      throw new EndpointException(
          Reason.EXHAUSTED, "domain: %s (expected: at most %d domains)".formatted(domain, MAX));
    }
    return ManagerAccess.open(runtime, "tcp://" + domain, tokens);
  }
}
