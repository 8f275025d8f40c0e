package io.vl3.nse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.nse.NseRig.RequireLabel;
import io.vl3.registry.DiscoverPeers;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.KnownPeers;
import io.vl3.registry.PeerLabels;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ForWorkloadsTest {

  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Map<String, String> PEER = Map.of(PeerLabels.NAME, "b");
  private static final Map<String, String> TEAM = Map.of("team", "red");

  private final FakeTimer timer = new FakeTimer();
  private final RequireLabel element = new RequireLabel("team");
  private final KnownPeers known =
      KnownPeers.of(List.of(EndpointRecord.of("b", "vl3", Map.of(), "")), true);
  private final EndpointChain chain =
      EndpointChain.of("server", new DiscoverPeers(() -> known), new ForWorkloads(element));
  private final EndpointRunner runner = new EndpointRunner(chain, Runnable::run, timer, LIMIT);

  @Test
  void aPeer_passesByInBothDirections() throws Exception {
    Connection peer = request("p", PEER);
    close(peer);
    assertThat(element.closed).isEmpty();
  }

  @Test
  void aWorkload_isSeenAtRequestAndClose() throws Exception {
    assertThatThrownBy(() -> request("w", Map.of())).hasMessage("labels: no team");
    close(request("w", TEAM));
    assertThat(element.closed).containsExactly("w");
  }

  @Test
  void aWorkloadThatIsTakenForAPeerLater_isSeenAtItsClose() throws Exception {
    var unused = request("w", TEAM);
    close(request("w", PEER));
    assertThat(element.closed).containsExactly("w");
  }

  @Test
  void itGoesByTheElementsName_andStandsBehindWhatRecognisesPeers() {
    assertThat(chain.description().flatten())
        .extracting(Description::name)
        .containsExactly("DiscoverPeers", "RequireLabel");
    assertThatThrownBy(() -> EndpointChain.of("server", new ForWorkloads(element)))
        .hasMessageContaining("expected: DiscoverPeers before it");
  }

  private Connection request(String id, Map<String, String> labels) throws EndpointException {
    return runner.request(
        ConnectionRequest.of(Connection.to("vl3").withId(new ConnectionId(id)).withLabels(labels)),
        Caller.ANONYMOUS,
        Deadline.after(LIMIT, timer));
  }

  private void close(Connection connection) throws EndpointException {
    runner.close(connection, Caller.ANONYMOUS, Deadline.after(LIMIT, timer));
  }
}
