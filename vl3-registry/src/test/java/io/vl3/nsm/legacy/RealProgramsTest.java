package io.vl3.nsm.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vl3.api.connection.Connection;
import io.vl3.api.connection.Mechanism;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.api.nsm02.registry.NetworkServiceEndpoint;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Route;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.PeerLabels;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    JsonNode real = step("workload.json", 1).get("request");
    ObjectNode faked = Json02.of(domain.manager().asked().get(0));
    assertThat(withoutId(faked.get("connection"))).isEqualTo(withoutId(real.get("connection")));
    assertThat(faked.get("mechanismPreferences")).isEqualTo(real.get("mechanismPreferences"));

    ObjectNode told = (ObjectNode) step("workload.json", 0).get("answer").deepCopy();
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
    ObjectNode real =
        (ObjectNode)
            step("register.json", 0).get("answer").get("networkServiceEndpoint").deepCopy();
    assertThat(granted.getName()).startsWith(SERVICE);
    assertThat(Json02.of(granted).without("name").equals(real.without("name"))).isTrue();
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

    ObjectNode real = (ObjectNode) step("peer-dialled.json", 0).get("request").deepCopy();
    ((ObjectNode) real.get("connection").get("labels")).remove("");
    assertThat(Json02.of(ours).equals(real)).as("%s%n%s", Json02.of(ours), real).isTrue();
  }

  private FakeDomain02 domain() throws Exception {
    return rig.closing(new FakeDomain02(rig.runtime(), "n1", FakeForwarder02.NONE));
  }

  private static EndpointNames.Found found(String name, String manager) {
    return new EndpointNames.Found(name, name, SERVICE, manager, false);
  }

  private static NetworkServiceRequest asked(String transcript) throws IOException {
    JsonNode preference = step(transcript, 0).get("request").get("mechanismPreferences").get(0);
    Mechanism.Builder mechanism =
        Mechanism.newBuilder()
            .setCls(preference.get("cls").textValue())
            .setType(preference.get("type").textValue());
    preference
        .get("parameters")
        .properties()
        .forEach(one -> mechanism.putParameters(one.getKey(), one.getValue().textValue()));
    return FakeDomain02.workload(
        SERVICE, Map.of("app", "web", "podName", "web-1"), mechanism.build());
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

  private static JsonNode step(String transcript, int number) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            RealProgramsTest.class.getResourceAsStream("/io/vl3/nsm02/" + transcript))) {
      return new ObjectMapper().readTree(in).get("steps").get(number);
    }
  }
}
