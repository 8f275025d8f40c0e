package io.vl3.nsm.interop;

import com.google.protobuf.Timestamp;
import io.grpc.ManagedChannel;
import io.vl3.api.connection.Connection;
import io.vl3.api.connection.PathSegment;
import io.vl3.api.connectioncontext.IPContext;
import io.vl3.api.connectioncontext.Route;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.nsm.NsmRuntime;
import io.vl3.registry.PeerLabels;
import io.vl3.transport.GrpcChannels;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Asks an endpoint for a peer link in the name of another peer. */
final class Liar {

  private final NsmRuntime runtime;
  private final String managerUrl;

  /**
   * A liar.
   *
   * @param runtime with its true identity
   */
  Liar(NsmRuntime runtime, String managerUrl) {
    this.runtime = runtime;
    this.managerUrl = managerUrl;
  }

  /** Says that it is the peer. */
  Connection request(String asPeer, String prefix, String endpoint) throws Exception {
    Connection.Builder asked = announcing(asPeer, prefix, endpoint);
    asked.getPathBuilder().addPathSegments(segment(asPeer, asked.getId()));
    return ask(asked);
  }

  /**
   * Says that it passes on what the peer has asked for. Nobody can check the signature of a token
   * but who talks to its owner, so that one is made up.
   *
   * @param peersId the peer's SPIFFE ID
   * @param ownId the liar's
   */
  Connection passOn(String asPeer, String prefix, String endpoint, String peersId, String ownId)
      throws Exception {
    Connection.Builder asked = announcing(asPeer, prefix, endpoint);
    Instant end = Instant.now().plusSeconds(600);
    asked
        .getPathBuilder()
        .setIndex(1)
        .addPathSegments(
            segment(asPeer, "made-up")
                .setToken(Forged.jwt(peersId, ownId, end))
                .setExpires(Timestamp.newBuilder().setSeconds(end.getEpochSecond())))
        .addPathSegments(segment("liar", asked.getId()));
    return ask(asked);
  }

  private Connection ask(Connection.Builder asked) throws Exception {
    ManagedChannel channel = GrpcChannels.open(managerUrl, runtime.transport());
    try {
      return NetworkServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(60, TimeUnit.SECONDS)
          .request(
              NetworkServiceRequest.newBuilder()
                  .setConnection(asked)
                  .addMechanismPreferences(Asked.first("").getMechanismPreferences(0))
                  .build());
    } finally {
      channel.shutdownNow();
    }
  }

  private static Connection.Builder announcing(String asPeer, String prefix, String endpoint) {
    String address = prefix.substring(0, prefix.indexOf('/')) + "/32";
    Connection.Builder asked =
        Connection.newBuilder()
            .setId("lie of " + asPeer)
            .setNetworkService(OwnNse.SERVICE)
            .setNetworkServiceEndpointName(endpoint)
            .putLabels(PeerLabels.NAME, asPeer);
    asked
        .getContextBuilder()
        .setIpContext(
            IPContext.newBuilder()
                .addSrcIpAddrs(address)
                .addDstRoutes(Route.newBuilder().setPrefix(address))
                .addDstRoutes(Route.newBuilder().setPrefix(prefix)));
    return asked;
  }

  private static PathSegment.Builder segment(String name, String id) {
    return PathSegment.newBuilder().setName(name).setId(id);
  }
}
