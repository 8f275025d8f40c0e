package io.vl3.nsm.legacy;

import io.vl3.api.connection.Connection;
import io.vl3.api.connection.Path;
import io.vl3.api.connection.PathSegment;
import io.vl3.api.connectioncontext.IPContext;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.connection.ConnectionContext;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.grpc.internal.ConnectionConverter;
import io.vl3.net.DomainName;
import io.vl3.nsm.legacy.EndpointNames.Found;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes what we ask a manager of the 0.2 API, as the original did: the peer by its registered name
 * with the name of its manager, our own registered name as a label, our prefixes as routes for the
 * peer, and no addresses, which the peer gives to both ends.
 */
final class WriteRequest {

  private final EndpointNames names;

  WriteRequest(EndpointNames names) {
    this.names = names;
  }

  /**
   * A request.
   *
   * @param id what the manager calls the connection; empty text: it does not know it yet
   */
  NetworkServiceRequest request(ConnectionRequest request, String id) {
    io.vl3.connection.Connection asked = request.connection();
    String endpoint = DomainName.withoutDomain(asked.endpointName());
    Optional<Found> found = names.find(asked.networkService(), endpoint);
    String name = found.map(Found::registered).orElse(endpoint);
    List<Mechanism> wanted =
        request.mechanismPreferences().stream()
            .map(is -> LegacyMechanisms.write(is, name, description(is) + name))
            .toList();
    var written = ConnectionConverter.toProto(new ConnectionRequest(named(asked, found), wanted));
    return written.toBuilder().setConnection(asNew(written.getConnection(), id, found)).build();
  }

  private static String description(Mechanism wanted) {
    return wanted.type().equals(Mechanism.MEMIF) ? "VPP interface " : "interface for ";
  }

  /** What to close: the manager goes by the id alone. */
  Connection close(io.vl3.connection.Connection connection, String id) {
    Optional<Found> found =
        names.find(
            connection.networkService(), DomainName.withoutDomain(connection.endpointName()));
    return asNew(ConnectionConverter.toProto(named(connection, found)), id, found);
  }

  private io.vl3.connection.Connection named(
      io.vl3.connection.Connection asked, Optional<Found> found) {
    String own = names.own().map(Found::registered).orElse("");
    Map<String, String> labels =
        own.isEmpty() ? asked.labels() : LegacyDialect.peerNamed(asked.labels(), shown -> own);
    boolean ours = found.filter(Found::ours).isPresent();
    return asked.toBuilder()
        .endpointName(
            found.map(Found::registered).orElse(DomainName.withoutDomain(asked.endpointName())))
        .labels(labels)
        .context(dnsFor(ours, LegacyDialect.written(asked.context())))
        .mechanism(Optional.empty())
        .payload("")
        .build();
  }

  /** The original knows nothing of peers' name servers. */
  private static ConnectionContext dnsFor(boolean ours, ConnectionContext context) {
    return ours ? context : context.withDns(List.of());
  }

  private static Connection asNew(Connection written, String id, Optional<Found> found) {
    IPContext ip =
        written.getContext().getIpContext().toBuilder()
            .clearSrcIpAddrs()
            .clearDstIpAddrs()
            .clearDstRoutes()
            .setSrcIpRequired(true)
            .setDstIpRequired(true)
            .build();
    Connection.Builder builder = written.toBuilder().setId(id).clearPath();
    builder.getContextBuilder().setIpContext(ip);
    found.ifPresent(
        peer ->
            builder.setPath(
                Path.newBuilder()
                    .addPathSegments(PathSegment.newBuilder().setName(peer.manager()))));
    return builder.build();
  }
}
