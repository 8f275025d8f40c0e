package io.vl3.grpc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import io.vl3.api.connection.Mechanism;
import io.vl3.api.connection.Path;
import io.vl3.api.connection.PathSegment;
import io.vl3.api.connectioncontext.ConnectionContext;
import io.vl3.api.connectioncontext.DNSContext;
import io.vl3.api.connectioncontext.EthernetContext;
import io.vl3.api.connectioncontext.IPContext;
import io.vl3.api.connectioncontext.IpNeighbor;
import io.vl3.api.connectioncontext.PolicyRoute;
import io.vl3.api.connectioncontext.Route;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionEvent;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.IpContext;
import io.vl3.connection.MonitorSelector;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionConverterTest {

  private static final UnknownFieldSet UNKNOWN =
      UnknownFieldSet.newBuilder()
          .addField(9001, UnknownFieldSet.Field.newBuilder().addVarint(42).build())
          .build();

  @Test
  void anyConnection_thereAndBack_isTheSame() throws Exception {
    RandomConnections connections = new RandomConnections(1);
    for (int i = 0; i < 2_000; i++) {
      Connection connection = connections.next();
      var wire =
          io.vl3.api.connection.Connection.parseFrom(
              ConnectionConverter.toProto(connection).toByteArray());
      assertThat(ConnectionConverter.toDomain(wire)).isEqualTo(connection);
    }
  }

  @Test
  void withoutProofs_noTokenIsWritten_alsoNoneThatCameWithoutItsEnd() throws Exception {
    var path =
        io.vl3.api.connection.Path.newBuilder()
            .addPathSegments(
                PathSegment.newBuilder()
                    .setName("client")
                    .setToken("secret")
                    .setExpires(Timestamp.newBuilder().setSeconds(9)))
            .addPathSegments(PathSegment.newBuilder().setName("manager").setToken("endless"));
    var wire = io.vl3.api.connection.Connection.newBuilder().setId("c").setPath(path).build();

    Connection kept = ConnectionConverter.toDomain(wire).withoutProofs();

    assertThat(ConnectionConverter.toProto(kept).getPath().getPathSegmentsList())
        .containsExactly(
            path.getPathSegments(0).toBuilder().clearToken().build(),
            path.getPathSegments(1).toBuilder().clearToken().build());
    assertThat(kept.withoutProofs()).isSameAs(kept);
  }

  @Test
  void anyRequest_thereAndBack_isTheSame() throws Exception {
    RandomConnections connections = new RandomConnections(2);
    for (int i = 0; i < 500; i++) {
      Connection connection = connections.next().toBuilder().networkService("vl3").build();
      ConnectionRequest request =
          new ConnectionRequest(connection, connection.mechanism().stream().toList());
      assertThat(ConnectionConverter.toDomain(ConnectionConverter.toProto(request)))
          .isEqualTo(request);
    }
  }

  @Test
  void anyEvent_thereAndBack_isTheSame() throws Exception {
    RandomConnections connections = new RandomConnections(3);
    for (ConnectionEvent.Type type : ConnectionEvent.Type.values()) {
      ConnectionEvent event = new ConnectionEvent(type, List.of(connections.next()));
      assertThat(EventConverter.toDomain(EventConverter.toProto(event))).isEqualTo(event);
    }
    MonitorSelector selector =
        new MonitorSelector(connections.next().path().segments(), List.of("vl3"));
    assertThat(EventConverter.toDomain(EventConverter.toProto(selector))).isEqualTo(selector);
  }

  @Test
  void whatTheDomainDoesNotKnow_survivesAtEveryLevel() throws Exception {
    var wire = withEverythingUnknown();
    assertThat(ConnectionConverter.toProto(ConnectionConverter.toDomain(wire))).isEqualTo(wire);
  }

  @Test
  void whatTheDomainDoesNotKnow_survivesAChangeOfTheRest() throws Exception {
    Connection read = ConnectionConverter.toDomain(withEverythingUnknown());
    var written =
        ConnectionConverter.toProto(
            read.withIp(IpContext.EMPTY)
                .withPath(read.path().withSegment(1, io.vl3.connection.PathSegment.of("b", "2"))));
    assertThat(written.getContext().getIpContext().getPoliciesList()).hasSize(1);
    assertThat(written.getContext().getIpContext().getSrcIpAddrsList()).isEmpty();
    assertThat(written.getContext().getEthernetContext().getVlanTag()).isEqualTo(7);
    assertThat(written.getPath().getPathSegments(0).getUnknownFields()).isEqualTo(UNKNOWN);
    assertThat(written.getPath().getPathSegments(1).getName()).isEqualTo("b");
  }

  @Test
  void aMessageThatIsUnderstoodWhole_keepsNothing() throws Exception {
    var wire = ConnectionConverter.toProto(new RandomConnections(4).next());
    assertThat(ConnectionConverter.toDomain(wire).passthrough()).isEmpty();
  }

  @Test
  void srcRoutes_areInstalledAtTheClient_andHostBitsAreMasked() throws Exception {
    var ip =
        IPContext.newBuilder()
            .addSrcRoutes(Route.newBuilder().setPrefix("172.16.1.0/16").setNextHop("10.0.0.0"))
            .addDstRoutes(Route.newBuilder().setPrefix("10.0.0.1"))
            .addExcludedPrefixes("10.1.2.3/8");
    IpContext read =
        ConnectionConverter.toDomain(
                io.vl3.api.connection.Connection.newBuilder()
                    .setContext(ConnectionContext.newBuilder().setIpContext(ip))
                    .build())
            .ip();
    assertThat(read.clientRoutes())
        .containsExactly(
            io.vl3.connection.Route.via(
                IpPrefix.parse("172.16.0.0/16"), IpAddress.parse("10.0.0.0")));
    assertThat(read.endpointRoutes())
        .containsExactly(io.vl3.connection.Route.to(IpPrefix.parse("10.0.0.1/32")));
    assertThat(read.excludedPrefixes()).containsExactly(IpPrefix.parse("10.0.0.0/8"));
  }

  @Test
  void aPrefixServedBySingularFields_isAListOfOne() throws Exception {
    // NSM 0.2 writes field 1 of its IPContext as one string: on the wire the same as a list of one.
    var singular =
        UnknownFieldSet.newBuilder()
            .addField(
                1,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(com.google.protobuf.ByteString.copyFromUtf8("10.0.0.1/30"))
                    .build())
            .build();
    IPContext read = IPContext.parseFrom(singular.toByteArray());
    assertThat(read.getSrcIpAddrsList()).containsExactly("10.0.0.1/30");
  }

  private static io.vl3.api.connection.Connection withEverythingUnknown() {
    List<PathSegment> segments = new ArrayList<>();
    segments.add(
        PathSegment.newBuilder()
            .setName("client")
            .setId("1")
            .setToken("t")
            .setExpires(Timestamp.newBuilder().setSeconds(1))
            .setUnknownFields(UNKNOWN)
            .build());
    segments.add(PathSegment.newBuilder().setName("manager").setToken("no expiry").build());
    IPContext ip =
        IPContext.newBuilder()
            .addSrcIpAddrs("10.0.0.1/30")
            .setSrcIpRequired(true)
            .setDstIpRequired(true)
            .addIpNeighbors(IpNeighbor.newBuilder().setIp("10.0.0.2"))
            .addPolicies(PolicyRoute.newBuilder().setFrom("10.0.0.1"))
            .setUnknownFields(UNKNOWN)
            .build();
    ConnectionContext context =
        ConnectionContext.newBuilder()
            .setIpContext(ip)
            .setDnsContext(DNSContext.newBuilder().setUnknownFields(UNKNOWN))
            .setEthernetContext(EthernetContext.newBuilder().setVlanTag(7))
            .putExtraContext("k", "v")
            .setUnknownFields(UNKNOWN)
            .build();
    return io.vl3.api.connection.Connection.newBuilder()
        .setId("1")
        .setNetworkService("vl3")
        .setMechanism(Mechanism.newBuilder().setType("MEMIF").setUnknownFields(UNKNOWN))
        .setContext(context)
        .setPath(
            Path.newBuilder().setIndex(1).addAllPathSegments(segments).setUnknownFields(UNKNOWN))
        .setUnknownFields(UNKNOWN)
        .build();
  }
}
