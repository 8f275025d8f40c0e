package io.vl3.nsm.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vl3.api.connection.Connection;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.api.nsm02.registry.NSERegistration;
import io.vl3.api.nsm02.registry.NetworkServiceEndpoint;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Route;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.PeerLabels;
import io.vl3.registry.Registry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The fake manager and we ourselves, held to what the original's programs said. */
class RealProgramsTest {

  private static final String SERVICE = "vl3-service";

  @RegisterExtension final EmbeddedManagerExtension rig = new EmbeddedManagerExtension();

  @Test
  void theFakeHandsAWorkloadOn_asNsmdDoes() throws Exception {
    FakeDomain02 domain = domain();
    FakeOriginal02 nse = rig.closing(new FakeOriginal02(domain, rig.runtime(), SERVICE, 232));
    Connection answer = domain.workload("pod").request(asked("workload.json"));

    JsonNode real = step("workload.json", 1).request();
    ObjectNode faked = Json02.of(domain.manager().asked().get(0));
    assertThat(withoutId(faked.get("connection"))).isEqualTo(withoutId(real.get("connection")));
    assertThat(faked.get("mechanismPreferences")).isEqualTo(real.get("mechanismPreferences"));

    ObjectNode told = step("workload.json", 0).answer();
    told.put("networkServiceEndpointName", nse.name());
    assertThat(fields(Json02.of(answer))).isEqualTo(fields(told));
  }

  @Test
  void theFakeRegisters_asNsmdDoes() throws Exception {
    FakeDomain02 domain = domain();
    LegacyManager access = domain.access("ws");
    var unused =
        access
            .registry()
            .register(
                EndpointRecord.of(
                    "nse",
                    SERVICE,
                    Map.of("app", "vl3-nse-vl3-service", "nsepod.name", "test_example"),
                    ""));

    NetworkServiceEndpoint granted = domain.registry().endpoint(domain.registry().names().get(0));
    ObjectNode real = (ObjectNode) step("register.json", 0).answer().get("networkServiceEndpoint");
    assertThat(granted.getName()).startsWith(SERVICE);
    assertThat(Json02.of(granted).without("name").equals(real.without("name"))).isTrue();
  }

  @Test
  void theFakeClosesAndMonitors_asNsmdDoes() throws Exception {
    FakeDomain02 domain = domain();
    FakeOriginal02 nse = rig.closing(new FakeOriginal02(domain, rig.runtime(), SERVICE, 232));
    FakeDomain02.Workload pod = domain.workload("pod");
    pod.close(pod.request(asked("workload.json")));

    ObjectNode answered = step("workload.json", 1).answer();
    assertThat(closed(answered, "nsm-pa", "vl3-servicexxxx1"))
        .isEqualTo(step("close.json", 0).request());
    assertThat(Json02.of(nse.closed().get(0)))
        .isEqualTo(closed(Json02.of(nse.answered().get(0)), "original-232", nse.name()));

    Eventually.until("monitored", () -> !nse.monitors().isEmpty());
    assertThat(nse.monitors())
        .extracting(Json02::of)
        .containsExactly(step("monitor.json", 0).request());
  }

  /** What an endpoint answered, as the manager closes it. */
  private static ObjectNode closed(ObjectNode answered, String workspace, String endpoint) {
    ((ObjectNode) answered.get("mechanism").get("parameters"))
        .put("workspace", workspace)
        .put("workspaceNseName", endpoint);
    return answered;
  }

  @Test
  void theFakeFinds_asTheRegistryDoes_andWeAskAsTheOriginalDid() throws Exception {
    FakeDomain02 domain = domain();
    FakeManager02 second =
        new FakeManager02(
            rig.runtime(), "n2", Path.of("/nowhere"), domain.registry(), FakeForwarder02.NONE);
    Transcript02.Step found = step("find.json", 0);
    register(domain, domain.manager(), "vl3-servicexxxx1");
    register(domain, second, "vl3-servicexxxx2");

    String answer = Json02.of(domain.registry().find(SERVICE)).toPrettyString();
    assertThat(new ObjectMapper().readTree(answer.replaceAll("n([12]):5001", "10.200.1.$1:5001")))
        .isEqualTo(found.answer());
    assertThatThrownBy(() -> domain.registry().find("unknown"))
        .hasMessage("UNKNOWN: " + step("find.json", 1).error());

    Registry ours = domain.access("ws").registry();
    assertThat(ours.find(EndpointQuery.ofService(SERVICE))).hasSize(2);
    assertThat(ours.find(EndpointQuery.ofService("unknown"))).isEmpty();
    assertThat(domain.registry().searches())
        .extracting(Json02::of)
        .containsExactly(found.request(), step("find.json", 1).request());
  }

  private static void register(FakeDomain02 domain, FakeManager02 manager, String name) {
    NSERegistration.Builder asked = step("register.json", 0).request(NSERegistration.newBuilder());
    asked.getNetworkServiceEndpointBuilder().setName(name);
    var unused = domain.registry().register(asked.build(), manager);
  }

  @Test
  void weAskForAWorkspace_asTheOriginalsDevicePluginDid() throws Exception {
    FakeDomain02 domain = domain();
    Workspace given = Workspaces.request(rig.runtime(), domain.nsmd().url(), "nsm-pa");

    assertThat(Json02.of(domain.nsmd().asked().get(0)))
        .isEqualTo(step("handshake.json", 0).request());
    ObjectNode answer = step("handshake.json", 0).answer();
    assertThat(given.directory()).hasFileName(answer.get("workspace").textValue());
    assertThat(given.serverSocket()).hasFileName(answer.get("nsmServerSocket").textValue());
    assertThat(given.clientSocket()).hasFileName(answer.get("nsmClientSocket").textValue());
    assertThat(given.serverSocket()).exists();
  }

  @Test
  void weRegisterAndLeave_asTheOriginalDid() throws Exception {
    FakeDomain02 domain = domain();
    Registry ours = domain.access("ws").registry();
    EndpointRecord granted =
        ours.register(
            EndpointRecord.of(
                "nse",
                SERVICE,
                Map.of("app", "vl3-nse-vl3-service", "nsepod.name", "test_example"),
                ""));
    ours.unregister(granted);

    assertThat(domain.manager().registrations())
        .extracting(Json02::of)
        .containsExactly(step("register.json", 0).request());
    ObjectNode removal = step("remove.json", 0).request();
    removal.put("networkServiceEndpointName", granted.name());
    assertThat(domain.manager().removals()).extracting(Json02::of).containsExactly(removal);
  }

  /** The original sends an empty label, too. */
  @Test
  void aPeerIsAskedFor_asTheOriginalDoes() throws Exception {
    EndpointNames names = new EndpointNames();
    names.own(found("vl3-servicexxxx1", "n1"));
    names.found(SERVICE, List.of(found("vl3-servicexxxx2", "n2")));
    io.vl3.connection.Connection dialled =
        io.vl3.connection.Connection.to(SERVICE)
            .withEndpointName("vl3-servicexxxx2")
            .withLabels(Map.of(PeerLabels.NAME, "vl3-servicexxxx1"));
    IpPrefix own = IpPrefix.parse("10.60.232.0/24");
    NetworkServiceRequest ours =
        new WriteRequest(names)
            .request(
                new ConnectionRequest(
                    dialled.withIp(
                        dialled
                            .ip()
                            .withAddresses(List.of(InterfaceAddress.host(own.first())), List.of())
                            .withRoutes(
                                List.of(),
                                List.of(Route.to(own.first().toPrefix()), Route.to(own)))),
                    List.of(
                        io.vl3.connection.Mechanism.local(
                            io.vl3.connection.Mechanism.MEMIF,
                            Map.of("inodeURL", "inode://4/4026530007")))),
                "");

    ObjectNode real = step("peer-dialled.json", 0).request();
    ((ObjectNode) real.get("connection").get("labels")).remove("");
    assertThat(Json02.of(ours).equals(real)).as("%s%n%s", Json02.of(ours), real).isTrue();
  }

  private static Transcript02.Step step(String transcript, int number) {
    return Transcript02.step(transcript, number);
  }

  private FakeDomain02 domain() throws Exception {
    return rig.closing(new FakeDomain02(rig.runtime(), "n1", FakeForwarder02.NONE));
  }

  private static EndpointNames.Found found(String name, String manager) {
    return new EndpointNames.Found(name, name, SERVICE, manager, false);
  }

  private static NetworkServiceRequest asked(String transcript) {
    return step(transcript, 0).request(NetworkServiceRequest.newBuilder()).build();
  }

  private static JsonNode withoutId(JsonNode connection) {
    return ((ObjectNode) connection.deepCopy()).without("id");
  }

  /** Which fields there are, and what identifies. */
  private static List<String> fields(JsonNode connection) {
    return connection.properties().stream()
        .map(
            field ->
                List.of("context").contains(field.getKey())
                    ? field.getKey()
                        + field.getValue().get("ipContext").properties().stream()
                            .map(Map.Entry::getKey)
                            .sorted()
                            .toList()
                    : field.getKey() + "=" + ordered(field.getValue()))
        .sorted()
        .toList();
  }

  /** JSON without an order of its own: protobuf's maps have none. */
  private static String ordered(JsonNode value) {
    return value.isObject()
        ? value.properties().stream()
            .map(field -> field.getKey() + "=" + ordered(field.getValue()))
            .sorted()
            .toList()
            .toString()
        : value.toString();
  }
}
