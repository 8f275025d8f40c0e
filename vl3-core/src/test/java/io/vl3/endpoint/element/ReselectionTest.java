package io.vl3.endpoint.element;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ConnectionState;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReselectionTest {

  private static final ConnectionRequest SERVED_BY_B =
      ConnectionRequest.of(
          Connection.to("service").withEndpointName("b").withState(ConnectionState.UP));

  @Test
  void judgedStillServes_asksForAnother() {
    Connection asked = Reselection.unlessMoved(SERVED_BY_B, Optional.of("b")).connection();
    assertThat(asked.endpointName()).isEmpty();
    assertThat(asked.state()).isEqualTo(ConnectionState.RESELECT_REQUESTED);
  }

  @Test
  void anotherServesMeanwhile_isNotLeftAgain() {
    assertThat(Reselection.unlessMoved(SERVED_BY_B, Optional.of("a"))).isEqualTo(SERVED_BY_B);
  }

  @Test
  void nobodyServedThen_isLeftOnlyWhileNobodyDoes() {
    assertThat(Reselection.unlessMoved(SERVED_BY_B, Optional.empty())).isEqualTo(SERVED_BY_B);
    ConnectionRequest lapsed =
        SERVED_BY_B.mapConnection(connection -> connection.withState(ConnectionState.DOWN));
    assertThat(Reselection.unlessMoved(lapsed, Optional.empty()).connection().state())
        .isEqualTo(ConnectionState.RESELECT_REQUESTED);
  }
}
