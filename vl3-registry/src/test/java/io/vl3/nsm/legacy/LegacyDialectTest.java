package io.vl3.nsm.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.connection.Route;
import io.vl3.grpc.internal.ConnectionConverter;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import io.vl3.registry.PeerLabels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a manager of NSM 0.2 asks an endpoint, read and answered. */
class LegacyDialectTest {

  /** As nsmd hands a peer's request on; the empty label is the original's. */
  private static final String ASKED =
      """
      connection {
        id: "4"
        network_service: "vl3-service"
        context { ip_context {
          src_ip_required: true
          dst_ip_required: true
          src_routes { prefix: "10.60.232.0/24" }
        } }
        labels { key: "" value: "" }
        labels { key: "vl3Nse/nseSource/endpointName" value: "vl3-servicefpbfg" }
        path { path_segments { name: "n1" } }
      }
      mechanism_preferences { type: "MEMIF" }
      mechanism_preferences { type: "KERNEL_INTERFACE" }
      """;

  private final EndpointNames names = new EndpointNames();
  private final LegacyDialect dialect = new LegacyDialect(names);

  @Test
  void aRequestIsRead_withItsRoutesForTheEndpoint() throws Exception {
    ConnectionRequest read = read(ASKED);

    Connection connection = read.connection();
    assertThat(connection.ip().endpointRoutes())
        .containsExactly(Route.to(IpPrefix.parse("10.60.232.0/24")));
    assertThat(connection.ip().clientRoutes()).isEmpty();
    assertThat(connection.requireId().value()).startsWith("n1/4/");
    assertThat(connection.path().segment(0).orElseThrow().id())
        .isEqualTo(connection.requireId().value());
    assertThat(read.mechanismPreferences())
        .containsExactly(
            Mechanism.local(Mechanism.MEMIF, Map.of()),
            Mechanism.local(Mechanism.KERNEL, Map.of()));
    assertThat(connection.passthrough().orElseThrow().numbersLinks()).isTrue();
  }

  @Test
  void aPeerGoesByTheNameThatItHasHere() throws Exception {
    names.found(
        "vl3-service",
        List.of(new EndpointNames.Found("vl3-servicefpbfg", "nse-1", "vl3-service", "n1", true)));

    assertThat(read(ASKED).connection().labels()).containsEntry(PeerLabels.NAME, "nse-1");
  }

  @Test
  void anAnswerSaysWhatTheManagerExpects() throws Exception {
    Connection read = read(ASKED).connection();
    Connection answered =
        read.withMechanism(
                Mechanism.local(
                    Mechanism.KERNEL,
                    Map.of(Mechanism.NAME, "vl3-abc", Mechanism.INODE_URL, "inode://4/77")))
            .withIp(
                read.ip()
                    .withAddresses(
                        List.of(InterfaceAddress.parse("10.60.233.1/30")),
                        List.of(InterfaceAddress.parse("10.60.233.2/30")))
                    .withRoutes(
                        List.of(
                            Route.to(IpPrefix.parse("10.60.233.0/32")),
                            Route.to(IpPrefix.parse("10.60.233.0/24"))),
                        read.ip().endpointRoutes()));

    assertThat(ConnectionConverter.toProto(dialect.write(answered)).toString())
        .isEqualTo(
            """
            id: "4"
            network_service: "vl3-service"
            mechanism {
              cls: "LOCAL"
              type: "KERNEL_INTERFACE"
              parameters {
                key: "description"
                value: "NSM Endpoint"
              }
              parameters {
                key: "name"
                value: "vl3-abc"
              }
              parameters {
                key: "netnsInode"
                value: "77"
              }
            }
            context {
              ip_context {
                src_ip_addrs: "10.60.233.1/30"
                dst_ip_addrs: "10.60.233.2/30"
                src_ip_required: true
                dst_ip_required: true
                src_routes {
                  prefix: "10.60.232.0/24"
                }
                dst_routes {
                  prefix: "10.60.233.0/24"
                }
              }
            }
            labels {
              key: ""
              value: ""
            }
            labels {
              key: "vl3Nse/nseSource/endpointName"
              value: "vl3-servicefpbfg"
            }
            path {
              path_segments {
                name: "n1"
              }
            }
            """);
  }

  @Test
  void anIdThatIsGivenAgain_isAnotherConnectionForAnotherClient() throws Exception {
    String again = ASKED.replace("vl3-servicefpbfg", "vl3-serviceother");

    assertThat(read(again).connection().id()).isNotEqualTo(read(ASKED).connection().id());
    assertThat(read(ASKED).connection().id()).isEqualTo(read(ASKED).connection().id());
  }

  private ConnectionRequest read(String text) throws Exception {
    return dialect.read(
        ConnectionConverter.toDomain(TextFormat.parse(text, NetworkServiceRequest.class)));
  }
}
