package io.vl3.nsm;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.vl3.transport.TestTransport;
import io.vl3.transport.TransportUrl;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServedHealthTest {

  private static final List<String> SERVICES = List.of("", "networkservice.NetworkService");

  @Test
  void itServes_fromTheRegistrationToTheEnd() throws Exception {
    try (TestTransport transport = new TestTransport()) {
      ServedHealth health = ServedHealth.notYet();
      TransportUrl.Unix url = transport.unix("health");
      transport.start(url, transport.options(), health.service());
      ManagedChannel channel = transport.open(url, transport.options());
      assertThat(ask(channel)).containsOnly(ServingStatus.NOT_SERVING);
      health.serves();
      assertThat(ask(channel)).containsOnly(ServingStatus.SERVING);
      health.ended();
      health.serves();
      assertThat(ask(channel)).containsOnly(ServingStatus.NOT_SERVING);
    }
  }

  private static List<ServingStatus> ask(ManagedChannel channel) {
    return SERVICES.stream()
        .map(
            service ->
                HealthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(60, TimeUnit.SECONDS)
                    .check(HealthCheckRequest.newBuilder().setService(service).build())
                    .getStatus())
        .toList();
  }
}
