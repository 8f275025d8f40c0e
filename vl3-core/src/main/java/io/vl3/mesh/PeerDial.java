package io.vl3.mesh;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.measure.Attempts;
import io.vl3.measure.Measure;
import io.vl3.measure.Meter;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.PeerSearch;
import io.vl3.time.Deadline;
import io.vl3.time.Timer;
import io.vl3.tracing.Tracing;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Makes and ends the links that we dial. Calls block. */
final class PeerDial {

  private final Vl3Network network;
  private final PrefixTable table;
  private final PeerSearch search;
  private final EndpointRunner client;
  private final MeshSettings settings;
  private final Timer timer;
  private final Attempts attempts;
  private String origin = "";

  PeerDial(
      Vl3Network network,
      PrefixTable table,
      PeerSearch search,
      EndpointRunner client,
      MeshSettings settings,
      Timer timer,
      Meter meter) {
    this.network = network;
    this.table = table;
    this.search = search;
    this.client = client;
    this.settings = settings;
    this.timer = timer;
    this.attempts = Attempts.of(meter, Measure.DIALS, Measure.DIAL_TIMES);
  }

  /** The same for a pair in every run of this process, so that a standing link is taken over. */
  ConnectionId id(EndpointRecord peer) {
    String text = "vl3 peer link %s/%s>%s".formatted(search.service(), origin(), peer.name());
    UUID uuid = UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    return new ConnectionId(uuid.toString());
  }

  /**
   * Distinguishes us from a namesake in another domain that dials the same peers: the first
   * registration, which outlives restarts. Whatever a registry says later, the ids stay.
   */
  private synchronized String origin() {
    if (origin.isEmpty()) {
      String since = network.self().get().registered().map(Instant::toString).orElse("");
      origin = network.ownName() + "@" + since;
    }
    return origin;
  }

  /** The link as it stands; empty if there is none. */
  Optional<Connection> established(EndpointRecord peer) {
    return client.handle(id(peer)).established();
  }

  /** Dials, or asks for a standing link again. */
  void dial(EndpointRecord peer) throws EndpointException {
    long begun = attempts.begin();
    try {
      ask(peer);
      attempts.succeeded(begun);
    } catch (EndpointException | RuntimeException failure) {
      attempts.failed(begun, failure);
      throw failure;
    }
  }

  private void ask(EndpointRecord peer) throws EndpointException {
    Optional<Connection> standing = established(peer);
    Optional<String> dispute = table.dispute();
    if (standing.isEmpty() && dispute.isPresent()) {
      throw new EndpointException(Reason.CONFLICT, dispute.get());
    }
    if (standing.isEmpty()) {
      var unused = OwnSide.of(network); // without a prefix there is nothing to show
    }
    Connection asked = standing.orElseGet(() -> fresh(peer));
    client
        .tracing()
        .root(
            "dial peer",
            () -> {
              Tracing.tell(Tracing.PEER, peer.name());
              return client.request(ConnectionRequest.of(asked), Caller.SELF, deadline());
            });
  }

  /** Closes the link, or what a dial that failed may have left of it. */
  void close(EndpointRecord peer) throws EndpointException {
    client.close(established(peer).orElseGet(() -> fresh(peer)), Caller.SELF, deadline());
  }

  private Connection fresh(EndpointRecord peer) {
    return Connection.to(service(peer))
        .withId(id(peer))
        .withEndpointName(peer.name())
        .withLabels(search.labels());
  }

  /** A peer of another domain is asked for there: {@code service@domain}. */
  private String service(EndpointRecord peer) {
    return search.serviceOf(peer.domain());
  }

  private Deadline deadline() {
    return Deadline.after(settings.dialTimeout(), timer);
  }
}
