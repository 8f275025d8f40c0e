package io.vl3.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.endpoint.ChainRig;
import io.vl3.endpoint.LeakCheck;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one workload's wish does to itself and to the others. */
class AgreeMtuTest {

  private final LeastMtu links = new LeastMtu();
  private final List<ConnectionId> asked = new ArrayList<>();
  private final ChainRig rig = new ChainRig().run(AgreeMtu.answering(links, asked::add));

  @RegisterExtension final LeakCheck leaks = new LeakCheck().empty("links", links::size);

  @ParameterizedTest
  @ValueSource(ints = {1, 68, 576, 1279, -1})
  void belowTheFloor_isRefusedToThatWorkloadAlone_withTheReason(int wish) throws Exception {
    Connection other = rig.request(wishing("other", 1500));
    assertThatThrownBy(() -> rig.request(wishing("greedy", wish)))
        .isInstanceOfSatisfying(
            EndpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
        .hasMessageContaining("MTU: %d (expected: 0, or 1280 or more".formatted(wish));
    assertThat(asked).isEmpty();
    assertThat(rig.request(other)).isEqualTo(other);
    assertThat(rig.request(wishing("later", 0)).context().mtuBytes()).isEqualTo(1500);
    rig.close(other);
    rig.close(wishing("later", 0));
  }

  @Test
  void aRefreshBelowTheFloor_isRefused_andTheConnectionStaysAsItWas() throws Exception {
    Connection wide = rig.request(wishing("w", 1400));
    assertThatThrownBy(() -> rig.request(wishing("w", 100))).isInstanceOf(EndpointException.class);
    assertThat(rig.request(wide)).isEqualTo(wide);
    rig.close(wide);
  }

  @Test
  void atTheFloor_othersFollow_andRiseAgain() throws Exception {
    Connection wide = rig.request(wishing("wide", 1500));
    Connection narrow = rig.request(wishing("narrow", 1280));
    assertThat(asked).containsExactly(new ConnectionId("wide"));
    assertThat(rig.request(wide).context().mtuBytes()).isEqualTo(1280);
    rig.close(narrow);
    assertThat(rig.request(rig.request(wide)).context().mtuBytes()).isEqualTo(1500);
    rig.close(wide);
  }

  private Connection wishing(String id, int mtuBytes) {
    Connection connection = rig.connection(id);
    return connection.withContext(connection.context().withMtuBytes(mtuBytes));
  }
}
