package io.vl3.nse;

import io.vl3.connection.Connection;
import io.vl3.dns.OwnName;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.links.SocketPlace;
import io.vl3.nameserver.internal.NameServer;
import io.vl3.nameserver.internal.Zone;
import java.io.IOException;

/** The name server of an NSE: it answers for the names that the chain gives. */
final class NseNames {

  private NseNames() {}

  /**
   * Opens it.
   *
   * @param parts where names are given
   */
  static NameServer open(Vl3NseBuilder settings, NseParts parts, SocketPlace place)
      throws EndpointException {
    Zone zone =
        Zone.of(parts.dns().names(), settings.names, settings.service, parts.network()::pools);
    try {
      return NameServer.open(
          zone,
          parts.dns().peers(),
          settings.nameServer,
          place,
          settings.runtime.executor(),
          settings.runtime.timer(),
          settings.runtime.random(),
          settings.runtime.reporter().of(settings.name).meter());
    } catch (IOException failure) {
      throw new EndpointException(
          Reason.UNAVAILABLE,
          "%s [dns of %s]".formatted(failure.getMessage(), settings.name),
          failure);
    }
  }

  /** The names of the NSE itself, as its templates make them of its labels; it is named at once. */
  static OwnName own(Vl3NseBuilder settings, NseParts parts) {
    return OwnName.in(
        parts.dns().names(),
        settings.names,
        Connection.to(settings.service).withLabels(settings.labels),
        parts.network()::ownAddress,
        parts.network().source());
  }
}
