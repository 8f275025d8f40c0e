package io.vl3.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.ConnectionId;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.ManualExecutor;
import io.vl3.failure.EndpointException;
import io.vl3.net.IpPrefix;
import io.vl3.registry.EndpointRecord;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrefixTableTest {

  private final EndpointRunner runner =
      new EndpointRunner(
          (request, session, next) -> next.request(request),
          new ManualExecutor(),
          new FakeTimer(),
          Duration.ofSeconds(1));

  private final PrefixTable table = new PrefixTable();

  @Test
  void whoIsRefused_isRememberedOnlyWhileItHasNoLink() throws Exception {
    claim("a", "earlier", "10.60.0.0/24");
    assertThatThrownBy(() -> claim("b", "later", "10.60.0.0/24")).hasMessageContaining("earlier");
    assertThat(table.size()).isEqualTo(2);
    claim("c", "later", "10.60.1.0/24");
    assertThat(table.size()).isEqualTo(2);
    // The answer to a dial that was under way.
    assertThatThrownBy(() -> claim("b", "later", "10.60.0.0/24")).hasMessageContaining("earlier");
    assertThat(table.size()).isEqualTo(2);
  }

  @Test
  void whoIsRefused_isNotRememberedAfterTheEnd() throws Exception {
    claim("a", "earlier", "10.60.0.0/24");
    assertThatThrownBy(() -> claim("b", "later", "10.60.0.0/24")).hasMessageContaining("earlier");
    table.end();
    assertThatThrownBy(() -> claim("b", "later", "10.60.0.0/24")).hasMessageContaining("earlier");
    assertThatThrownBy(() -> claim("c", "an-earlier", "10.60.0.0/24"))
        .hasMessageContaining("earlier");
    assertThat(table.size()).isEqualTo(1);
  }

  @Test
  void anOverlapThatIsToldLate_isNotNoted_ifThePeerIsLinkedOverAnotherConnection()
      throws Exception {
    IpPrefix own = IpPrefix.parse("10.60.2.0/24");
    PrefixOverlap overlap = new PrefixOverlap("me", own, "peer", own, true);
    claim("a", "peer", "10.60.1.0/24");
    table.note(overlap, new ConnectionId("b"));
    assertThat(table.dispute()).isEmpty();
    table.note(overlap, new ConnectionId("a"));
    assertThat(table.dispute()).isPresent();
  }

  private void claim(String id, String peer, String prefix) throws EndpointException {
    EndpointRecord record = EndpointRecord.of(peer, "vl3", Map.of(), "");
    List<IpPrefix> prefixes = List.of(IpPrefix.parse(prefix));
    table.claim(new PeerLink(record, runner.handle(new ConnectionId(id)), Dialler.PEER, prefixes));
  }
}
