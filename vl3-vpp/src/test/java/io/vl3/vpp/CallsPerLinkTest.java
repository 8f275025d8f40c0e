package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.Connection;
import io.vl3.ipam.AddressingMode;
import io.vl3.vpp.testing.FakeAgent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a link costs the agent is the same for the first one and for the three hundredth. */
class CallsPerLinkTest {

  private static final int LINKS = 300;

  private final VppRig rig =
      new VppRig(VppSettings.of("nse-a"), AddressingMode.POINT_TO_POINT, "10.0.0.0/8");

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void eachLink_isOneUpdateOfTheSameSize_andOneDelete() throws Exception {
    rig.workload("w-1000");
    rig.agent.forgetCalls();
    List<Connection> links = new ArrayList<>();
    for (int n = 0; n < LINKS; n++) {
      links.add(rig.workload("w-" + (1001 + n)));
    }
    assertOne("Update");
    rig.agent.forgetCalls();
    for (Connection link : links) {
      rig.close(link);
    }
    assertOne("Delete");
  }

  @Test
  void refreshOfAnyLink_isNoCall() throws Exception {
    List<Connection> links = new ArrayList<>();
    for (int n = 0; n < LINKS; n++) {
      links.add(rig.workload("w-" + n));
    }
    rig.agent.forgetCalls();
    for (Connection link : links) {
      rig.serve(link);
    }
    assertThat(rig.agent.calls()).isEmpty();
  }

  @Test
  void aLook_isThreeCalls_howeverManyLinksThereAre() throws Exception {
    for (int n = 0; n < LINKS; n++) {
      rig.workload("w-" + n);
    }
    rig.agent.forgetCalls();
    rig.plane.observe();
    assertThat(rig.agent.calls())
        .extracting(FakeAgent.Call::method)
        .containsExactly("KnownModels", "Get", "Dump");
  }

  /** Addresses and numbers have one digit more or less. */
  private void assertOne(String method) {
    List<FakeAgent.Call> calls = rig.agent.calls();
    assertThat(calls).hasSize(LINKS).allMatch(call -> call.method().equals(method));
    int least = calls.stream().mapToInt(FakeAgent.Call::bytes).min().orElseThrow();
    int most = calls.stream().mapToInt(FakeAgent.Call::bytes).max().orElseThrow();
    assertThat(most - least).as("bytes %d to %d", least, most).isLessThan(40);
  }
}
