package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.config.TracingConfig;
import io.vl3.cli.config.read.ConfigFile;
import io.vl3.cli.config.read.Overrides;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceRelayTest {

  /** As {@code vl3 demo} has it with the endpoint in its environment. */
  private static TraceRelay to(String endpoint) {
    Map<String, String> environment = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
    return new TraceRelay(
        ConfigFile.loadClient(Optional.empty(), environment, Overrides.NONE).tracing());
  }

  @Test
  void whereverTheReceiverIs_theChildrenFindItOnTheirLoopback() {
    assertThat(to("http://192.0.2.7:4444").environment())
        .containsExactly(Map.entry("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://localhost:4444"));
  }

  /** A receiver is asked for a certificate with the name by which it was called. */
  @Test
  void ofAReceiverWithTls_theNameStays_soItHasToBeHere() throws Exception {
    assertThat(to("https://192.0.2.7:4444").environment()).isEmpty();
    assertThat(to("https://192.0.2.7:4444").trouble())
        .hasValueSatisfying(words -> assertThat(words).contains("https has to be at localhost"));
    try (ServerSocket receiver = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String here = "https://localhost:" + receiver.getLocalPort();
      assertThat(to(here).environment()).isEmpty();
      assertThat(to(here).trouble()).isEmpty();
    }
  }

  @Test
  void aReceiverThatHasNoAddress_isNamed_andStopsNothing(@TempDir Path dir) throws Exception {
    try (TraceRelay relay = to("http://receiver.invalid:4317")) {
      assertThat(relay.trouble())
          .contains("traces: http://receiver.invalid:4317: spans are lost: no such host");
      relay.open(DemoPlan.of(new DemoSize(1, 1, 1), dir));
    }
  }

  @Test
  void withoutTraces_nothingIsSaidOrOpened() throws Exception {
    try (TraceRelay none = new TraceRelay(TracingConfig.OFF)) {
      assertThat(none.environment()).isEmpty();
      assertThat(none.trouble()).isEmpty();
    }
  }
}
