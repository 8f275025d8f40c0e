package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.Connection;
import io.vl3.connection.Mechanism;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A link that VPP has keeps its socket: the other side listens or connects there. */
class KeptSocketsTest {

  /** In the next life the links are asked for in another order, before the first look. */
  @Test
  void linksOfAnEarlierLife_keepTheirSockets_evenIfNobodyNamesThem() throws Exception {
    try (VppRig rig = VppRig.original()) {
      Connection first = rig.workload("web-1");
      Connection second = rig.workload("web-2");
      int made = rig.agent.interfacesCreated();

      beginAgain(rig);
      for (Connection before : List.of(second, first)) {
        Connection again =
            rig.serve(before.withMechanism(Mechanism.local(Mechanism.MEMIF, Map.of())));
        assertThat(socket(again)).isEqualTo(socket(before));
      }
      assertThat(rig.agent.interfacesCreated()).isEqualTo(made);
    }
  }

  @Test
  void aNewLink_takesNoSocketThatAnEarlierLifeLeft() throws Exception {
    try (VppRig rig = VppRig.original()) {
      Connection left = rig.workload("web-1");
      beginAgain(rig);
      assertThat(socket(rig.workload("web-2"))).isNotEqualTo(socket(left));
    }
  }

  /** Another process, whose first look is late. */
  private static void beginAgain(VppRig rig) {
    rig.executor = look -> {};
    rig.start();
  }

  private static Optional<String> socket(Connection connection) {
    return connection.mechanism().flatMap(made -> made.parameter(Mechanism.SOCKET_FILE));
  }
}
