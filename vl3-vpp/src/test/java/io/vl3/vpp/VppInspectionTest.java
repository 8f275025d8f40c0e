package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.grpc.ManagedChannel;
import io.vl3.api.ligato.vpp.ConfigData;
import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.dataplane.LinkKey;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.vpp.VppInspection.Row;
import io.vl3.vpp.VppInspection.Verdict;
import io.vl3.vpp.internal.OwnerNames;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import io.vl3.vpp.testing.FakeRelease;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VppInspectionTest {

  private static final Duration CALL = Duration.ofSeconds(10);
  private static final OwnerNames NAMES = new OwnerNames("vl3-nse-1");
  private static final String LOOP = NAMES.interfaceName(new LinkKey("a"), "loop");

  private final FakeAgent agent = new FakeAgent();
  private final FakeAgentServer server = FakeAgentServer.inProcess(agent);
  private final ManagedChannel channel = server.channel();

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  @Test
  void whatRunsAsTold_isTheSame_thoughADumpFillsDefaultsIn() throws EndpointException {
    push(LOOP, "10.0.0.1/32");
    assertThat(read().rows())
        .extracting(Row::kind, Row::verdict)
        .contains(tuple("interface", Verdict.SAME), tuple("route", Verdict.SAME));
    assertThat(read().ours().isClean()).isTrue();
    assertThat(read().differences().rows()).isEmpty();
  }

  @Test
  void whatWaits_isMissing() throws EndpointException {
    push(LOOP, "10.0.0.1/32");
    agent.vanish(item -> item.name().equals(LOOP));
    assertThat(read().differences().rows())
        .extracting(Row::kind, Row::verdict, Row::running)
        .contains(tuple("interface", Verdict.MISSING, ""));
    assertThat(read().isClean()).isFalse();
  }

  @Test
  void whatVppRefusedAPartOf_differs_andSaysHow() throws EndpointException {
    agent.refuseAddress("10.0.0.1/32");
    push(LOOP, "10.0.0.1/32");
    Row row = read().differences().rows().get(0);
    assertThat(row.verdict()).isEqualTo(Verdict.DIFFERS);
    assertThat(row.why()).isEqualTo("addresses: [] (expected: [10.0.0.1/32])");
    assertThat(row.owner()).isEqualTo(Optional.of(NAMES.tag()));
  }

  @Test
  void othersObjects_areForeign_alsoIfTheyDiffer() throws EndpointException {
    agent.refuseAddress("10.0.0.1/32");
    push("loop1", "10.0.0.1/32");
    assertThat(read().rows()).allMatch(row -> row.verdict() == Verdict.FOREIGN);
    assertThat(read().ours().rows()).isEmpty();
    assertThat(read().isClean()).isTrue();
  }

  @Test
  void modelsAreRead_ifTheAgentTellsThem() throws EndpointException {
    agent.becomes(FakeRelease.V3_2, "vpp.v2.route");
    AgentModels models = read().ours().models().orElseThrow();
    assertThat(models.version()).contains(AgentModels.Version.V3_2);
    assertThat(models.missing()).containsExactly("vpp.v2.route");
    agent.tellsModels(false);
    assertThat(read().differences().models()).isEmpty();
  }

  @Test
  void agentThatHasLostItsVpp_isUnavailable_andSaysSo() {
    agent.loseVpp();
    assertThatThrownBy(this::read)
        .isInstanceOfSatisfying(
            EndpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE))
        .hasMessage(
            "vpp-agent at test: VPP behind it does not answer (expected: connected)"
                + " [Dump: failed to dump interface: not connected to VPP]");
  }

  @Test
  void agentThatIsAway_isUnavailable() {
    server.close();
    assertThatThrownBy(this::read)
        .isInstanceOfSatisfying(
            EndpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE))
        .hasMessageStartingWith("vpp-agent at test: ");
  }

  private VppInspection read() throws EndpointException {
    return VppInspection.read(channel, "test", CALL);
  }

  private void push(String name, String address) {
    agent.push(
        "vl3-nse-1",
        ConfigData.newBuilder()
            .addInterfaces(
                Interface.newBuilder()
                    .setName(name)
                    .setType(Interface.Type.SOFTWARE_LOOPBACK)
                    .setEnabled(true)
                    .addIpAddresses(address))
            .addRoutes(Route.newBuilder().setDstNetwork("10.1.0.0/16").setOutgoingInterface(name))
            .build());
  }
}
