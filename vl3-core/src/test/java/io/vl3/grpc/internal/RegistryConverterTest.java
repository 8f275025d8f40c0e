package io.vl3.grpc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import io.vl3.api.registry.NetworkService;
import io.vl3.api.registry.NetworkServiceEndpoint;
import io.vl3.api.registry.NetworkServiceEndpointQuery;
import io.vl3.api.registry.NetworkServiceEndpointResponse;
import io.vl3.failure.EndpointException;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegistryConverterTest {

  @Test
  void anEndpoint_thereAndBack_isTheSame() throws Exception {
    EndpointRecord endpoint =
        new EndpointRecord(
            "nse-1",
            Map.of("vl3", Map.of("app", "a"), "other", Map.of()),
            "tcp://10.0.0.1:5000",
            Optional.of(Instant.ofEpochSecond(10, 11)),
            Optional.of(Instant.ofEpochSecond(1)),
            List.of("spiffe://x"));
    assertThat(RegistryConverter.toDomain(RegistryConverter.toProto(endpoint))).isEqualTo(endpoint);
  }

  @Test
  void aService_thereAndBack_isTheSame() throws Exception {
    NetworkServiceRecord service =
        new NetworkServiceRecord(
            "vl3",
            "IP",
            List.of(
                new NetworkServiceRecord.Match(
                    Map.of("a", "b"), List.of(Map.of("app", "{{.podName}}"), Map.of()), true),
                new NetworkServiceRecord.Match(
                    Map.of(), List.of(), false, Optional.of(Map.of("k", "v"))),
                new NetworkServiceRecord.Match(Map.of(), List.of(), false, Optional.of(Map.of()))));
    assertThat(RegistryConverter.toDomain(RegistryConverter.toProto(service))).isEqualTo(service);
  }

  @Test
  void queries_thereAndBack_areTheSame() throws Exception {
    for (EndpointQuery query :
        List.of(
            new EndpointQuery("", "", Map.of()),
            EndpointQuery.ofName("nse@domain"),
            EndpointQuery.ofService("vl3"),
            new EndpointQuery("n", "vl3", Map.of("app", "a")),
            new EndpointQuery("", "vl3", Map.of(), "10.0.0.1"))) {
      assertThat(RegistryConverter.toDomain(RegistryConverter.toProto(query, true)))
          .isEqualTo(query);
    }
  }

  @Test
  void aRemoval_isKnownByFlagAndByNegativeExpiry() throws Exception {
    var negative =
        NetworkServiceEndpoint.newBuilder()
            .setName("n")
            .setExpirationTime(Timestamp.newBuilder().setSeconds(-1))
            .build();
    assertThat(removal(negative, false)).isTrue();
    assertThat(removal(NetworkServiceEndpoint.getDefaultInstance(), true)).isTrue();
    assertThat(removal(NetworkServiceEndpoint.getDefaultInstance(), false)).isFalse();
    assertThat(RegistryConverter.toDomain(negative).expires()).isEmpty();
  }

  @Test
  void nonsense_namesTheField() {
    assertThatThrownBy(() -> RegistryConverter.toDomain(NetworkService.getDefaultInstance()))
        .isInstanceOf(EndpointException.class)
        .hasMessageStartingWith("network_service.name: empty");
    assertThatThrownBy(
            () ->
                RegistryConverter.toDomain(
                    NetworkServiceEndpoint.newBuilder().addNetworkServiceNames("").build()))
        .hasMessageStartingWith("network_service_endpoint.network_service_names[0]: empty");
    assertThatThrownBy(
            () ->
                RegistryConverter.toDomain(
                    NetworkServiceEndpointQuery.newBuilder()
                        .setNetworkServiceEndpoint(
                            NetworkServiceEndpoint.newBuilder()
                                .addNetworkServiceNames("a")
                                .addNetworkServiceNames("b"))
                        .build()))
        .hasMessageStartingWith("network_service_endpoint.network_service_names: 2 entries");
  }

  private static boolean removal(NetworkServiceEndpoint endpoint, boolean deleted) {
    return RegistryConverter.isRemoval(
        NetworkServiceEndpointResponse.newBuilder()
            .setNetworkServiceEndpoint(endpoint)
            .setDeleted(deleted)
            .build());
  }
}
