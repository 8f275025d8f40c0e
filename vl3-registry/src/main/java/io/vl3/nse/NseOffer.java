package io.vl3.nse;

import io.vl3.connection.ConnectionMonitor;
import io.vl3.registry.NetworkServiceRecord;
import java.util.List;
import java.util.Map;

/**
 * What an NSE offers at an {@link NsmEdge}. Made by {@link Vl3Nse}; what may be added later has a
 * default then.
 *
 * @param name the endpoint's name, which the registry may change
 * @param service the network service
 * @param labels the endpoint's labels there
 * @param records network services to register too, each replacing what is registered by its name
 * @param stays whether the registration is left to expire at the end, for a successor
 * @param connections what those who called may watch
 * @param onRegistration to be run after each registration, which may be under another name; does
 *     not block
 */
public record NseOffer(
    String name,
    String service,
    Map<String, String> labels,
    List<NetworkServiceRecord> records,
    boolean stays,
    ConnectionMonitor connections,
    Runnable onRegistration) {

  /** Copies the collections. */
  public NseOffer {
    labels = Map.copyOf(labels);
    records = List.copyOf(records);
  }
}
