package io.vl3.vpp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.vl3.api.ligato.configurator.Config;
import io.vl3.api.ligato.configurator.ConfiguratorServiceGrpc;
import io.vl3.api.ligato.configurator.ConfiguratorServiceGrpc.ConfiguratorServiceBlockingStub;
import io.vl3.api.ligato.configurator.DeleteRequest;
import io.vl3.api.ligato.configurator.DumpRequest;
import io.vl3.api.ligato.configurator.GetRequest;
import io.vl3.api.ligato.configurator.UpdateRequest;
import io.vl3.api.ligato.generic.KnownModelsRequest;
import io.vl3.api.ligato.generic.MetaServiceGrpc;
import io.vl3.api.ligato.generic.ModelDetail;
import io.vl3.api.ligato.vpp.ConfigData;
import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.l3.Route;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The fake behaves as the agent was seen to (docs/vpp.md). */
class FakeAgentTest {

  private static final Interface LOOP = loopback("loop1", "10.0.0.1/32");
  private static final Route ROUTE = route("10.1.0.0/16", "loop1");

  private final FakeAgent agent = new FakeAgent();
  private final FakeAgentServer server = FakeAgentServer.inProcess(agent);
  private final ManagedChannel channel = server.channel();
  private final ConfiguratorServiceBlockingStub stub =
      ConfiguratorServiceGrpc.newBlockingStub(channel);

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  @Test
  void routeWithoutItsInterface_isAcceptedAndWaits() {
    update(ConfigData.newBuilder().addRoutes(ROUTE));
    assertThat(agent.state()).isEqualTo("PENDING route 10.1.0.0/16 over loop1\n");
    update(ConfigData.newBuilder().addInterfaces(LOOP));
    assertThat(agent.state())
        .isEqualTo("loopback loop1 addresses 10.0.0.1/32 up\nroute 10.1.0.0/16 over loop1\n");
    delete(ConfigData.newBuilder().addInterfaces(LOOP));
    assertThat(agent.state()).isEqualTo("PENDING route 10.1.0.0/16 over loop1\n");
  }

  @Test
  void waitDone_endsWhenNothingOfThisCallWaits() {
    assertThatThrownBy(
            () ->
                stub.withDeadlineAfter(100, TimeUnit.MILLISECONDS)
                    .update(waiting(ConfigData.newBuilder().addRoutes(ROUTE))))
        .hasMessageContaining("DEADLINE_EXCEEDED");
    stub.update(waiting(ConfigData.newBuilder().addInterfaces(LOOP)));
    stub.update(waiting(ConfigData.newBuilder().addRoutes(ROUTE)));
  }

  @Test
  void oneKeyTwice_refusesTheWholeRequest() {
    assertThatThrownBy(
            () ->
                update(
                    ConfigData.newBuilder()
                        .addInterfaces(LOOP)
                        .addInterfaces(loopback("loop2", "10.0.0.2/32"))
                        .addInterfaces(loopback("loop2", "10.0.0.3/32"))))
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("multiple key-value pairs");
    assertThat(agent.state()).isEmpty();
    assertThat(stub.get(GetRequest.getDefaultInstance()).getConfig().getVppConfig())
        .isEqualTo(ConfigData.getDefaultInstance());
  }

  @Test
  void failureOfOneValue_isToldThoughTheOthersAreApplied() {
    agent.refuse(item -> item.name().equals("loop2"), "VPPApiError: No such entity (-6)");
    assertThatThrownBy(
            () ->
                update(
                    ConfigData.newBuilder()
                        .addInterfaces(LOOP)
                        .addInterfaces(loopback("loop2", "10.0.0.2/32"))))
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("config/vpp/v2/interfaces/loop2 (CREATE): VPPApiError");
    assertThat(agent.state()).contains("loopback loop1").contains("FAILED loopback loop2");
    assertThat(stub.get(GetRequest.getDefaultInstance()).getConfig().getVppConfig())
        .as("what failed stays among what is wanted")
        .extracting(ConfigData::getInterfacesCount)
        .isEqualTo(2);
  }

  @Test
  void fullResync_deletesWhatNoSourceHasPushed_whateverTheSource() {
    agent.foreign(loopback("by-hand", "10.9.0.1/32"));
    agent.push(
        "other", ConfigData.newBuilder().addInterfaces(loopback("theirs", "10.8.0.1/32")).build());
    update(ConfigData.newBuilder().addInterfaces(LOOP));
    stub.update(UpdateRequest.newBuilder().setFullResync(true).build());
    assertThat(agent.state()).isEqualTo("loopback theirs addresses 10.8.0.1/32 up\n");
  }

  @Test
  void restartOfTheAgent_emptiesVppAndForgetsWhatItWasTold() {
    update(ConfigData.newBuilder().addInterfaces(LOOP));
    server.kill();
    server.revive();
    assertThat(agent.state()).isEmpty();
    assertThat(stub.withWaitForReady().get(GetRequest.getDefaultInstance()).getConfig())
        .isEqualTo(Config.newBuilder().setVppConfig(ConfigData.getDefaultInstance()).build());
  }

  @Test
  void restartOfVpp_isNotHealedByTheAgent_whichKnowsThatAllIsGone() {
    update(ConfigData.newBuilder().addInterfaces(LOOP).addRoutes(ROUTE));
    String before = agent.state();
    agent.loseVpp();
    assertThatThrownBy(() -> stub.dump(DumpRequest.getDefaultInstance()))
        .hasMessageContaining("not connected to VPP");
    agent.restartVpp();
    assertThat(agent.state()).isEmpty();
    update(ConfigData.newBuilder().addInterfaces(LOOP).addRoutes(ROUTE));
    assertThat(agent.state()).isEqualTo(before);
  }

  @Test
  void dump_fillsDefaultsInAndShowsConnectedRoutesAndForeignInterfaces() {
    update(ConfigData.newBuilder().addInterfaces(LOOP).addRoutes(ROUTE));
    ConfigData dump = stub.dump(DumpRequest.getDefaultInstance()).getDump().getVppConfig();
    assertThat(dump.getRoutesList())
        .extracting(Route::getDstNetwork, Route::getNextHopAddr, Route::getWeight)
        .contains(
            org.assertj.core.groups.Tuple.tuple("10.1.0.0/16", "0.0.0.0", 1),
            org.assertj.core.groups.Tuple.tuple("10.0.0.1/32", "10.0.0.1", 1));
    assertThat(dump.getInterfacesList())
        .extracting(Interface::getName)
        .contains("loop1", "UNTAGGED-local0");
  }

  @Test
  void addressWithoutLength_isTakenForAHosts() {
    update(ConfigData.newBuilder().addInterfaces(loopback("loop1", "10.0.0.1")));
    assertThat(agent.state()).isEqualTo("loopback loop1 addresses 10.0.0.1/32 up\n");
  }

  @Test
  void addressThatIsNone_isRefused() {
    assertThatThrownBy(
            () -> update(ConfigData.newBuilder().addInterfaces(loopback("loop1", "10.0.0.1/33"))))
        .hasMessageContaining("invalid CIDR address: 10.0.0.1/33");
  }

  @Test
  void modelsAreTold_byTheirClass_unlessThereIsNoServiceThatDoes() {
    assertThat(models("config")).hasSize(44).contains("vpp/v2/interfaces", "vpp.nat/v2/nat44-vrf");
    assertThat(models("")).hasSize(44);
    assertThat(models("metrics")).isEmpty();
    agent.becomes(FakeRelease.V3_1, "vpp.nat.v2.nat44-pool");
    assertThat(models("config")).hasSize(33).doesNotContain("vpp.nat/v2/nat44-pool");
    agent.tellsModels(false);
    assertThatThrownBy(() -> models("config")).hasMessageContaining("UNIMPLEMENTED");
  }

  @Test
  void whatOfARequestIsUnknown_isPassedOver() {
    agent.becomes(FakeRelease.MASTER, "vpp.v2.route");
    update(ConfigData.newBuilder().addInterfaces(LOOP).addRoutes(ROUTE));
    assertThat(agent.state()).isEqualTo("loopback loop1 addresses 10.0.0.1/32 up\n");
    assertThat(stub.get(GetRequest.getDefaultInstance()).getConfig().getVppConfig())
        .extracting(ConfigData::getRoutesCount)
        .isEqualTo(0);
  }

  @Test
  void oldReleases_doNotWait_andKnowNoSources() {
    agent.becomes(FakeRelease.V3_1);
    stub.update(waiting(ConfigData.newBuilder().addRoutes(ROUTE)));
    assertThat(agent.state()).startsWith("PENDING route");
    agent.becomes(FakeRelease.V3_2);
    ConfiguratorServiceBlockingStub named = stub.withInterceptors(source("somebody"));
    named.update(waiting(ConfigData.newBuilder().addInterfaces(LOOP)));
    assertThat(agent.told("somebody")).isEmpty();
    assertThat(agent.told("grpc")).hasSize(2);
    agent.becomes(FakeRelease.V3_3);
    named.update(waiting(ConfigData.newBuilder().addInterfaces(LOOP)));
    assertThat(agent.told("somebody")).hasSize(1);
  }

  private static ClientInterceptor source(String name) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("datasrc", Metadata.ASCII_STRING_MARSHALLER), name);
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  private List<String> models(String ofClass) {
    return MetaServiceGrpc.newBlockingStub(channel)
        .knownModels(KnownModelsRequest.newBuilder().setClass_(ofClass).build())
        .getKnownModelsList()
        .stream()
        .map(ModelDetail::getSpec)
        .map(spec -> spec.getModule() + "/" + spec.getVersion() + "/" + spec.getType())
        .toList();
  }

  private void update(ConfigData.Builder config) {
    stub.update(
        UpdateRequest.newBuilder().setUpdate(Config.newBuilder().setVppConfig(config)).build());
  }

  private void delete(ConfigData.Builder config) {
    stub.delete(
        DeleteRequest.newBuilder().setDelete(Config.newBuilder().setVppConfig(config)).build());
  }

  private static UpdateRequest waiting(ConfigData.Builder config) {
    return UpdateRequest.newBuilder()
        .setUpdate(Config.newBuilder().setVppConfig(config))
        .setWaitDone(true)
        .build();
  }

  private static Interface loopback(String name, String address) {
    return Interface.newBuilder()
        .setName(name)
        .setType(Interface.Type.SOFTWARE_LOOPBACK)
        .setEnabled(true)
        .addIpAddresses(address)
        .build();
  }

  private static Route route(String destination, String out) {
    return Route.newBuilder().setDstNetwork(destination).setOutgoingInterface(out).build();
  }
}
