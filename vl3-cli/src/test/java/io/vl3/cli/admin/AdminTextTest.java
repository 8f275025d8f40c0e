package io.vl3.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vl3.api.admin.v1.Event;
import io.vl3.api.admin.v1.Name;
import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.cli.Golden;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

/** What the commands print of a sample network. */
class AdminTextTest {

  private static final Path FILES = Path.of("src/test/resources/io/vl3/cli/admin");
  private static final Map<String, String> ALL_ANSWER = Map.of();

  private final Sample sample = new Sample();

  @Test
  void status_ofANetworkThatIsWell() {
    golden("status-well", status(Sample.status(""), Paint.PLAIN));
  }

  @Test
  void status_namesWhatIsWrong_andWhatToDo_withinTheWidth() {
    String text = status(troubled(), Paint.PLAIN);
    golden("status-troubled", text);
  }

  @Test
  void colours_areOfWordsThatSayHowSomethingIs() {
    assertThat(status(troubled(), Paint.COLOURED))
        .contains("\u001b[31merror\u001b[0m peer-down")
        .contains("\u001b[32mup\u001b[0m")
        .contains("\u001b[31mdegraded\u001b[0m");
    assertThat(status(troubled(), Paint.PLAIN)).doesNotContain("\u001b");
  }

  @Test
  void colours_areForTerminalsThatWantThem() {
    assertThat(Paint.of(true, Map.of("TERM", "xterm"))).isEqualTo(Paint.COLOURED);
    assertThat(Paint.of(false, Map.of())).isEqualTo(Paint.PLAIN);
    assertThat(Paint.of(true, Map.of("NO_COLOR", "1"))).isEqualTo(Paint.PLAIN);
    assertThat(Paint.of(true, Map.of("NO_COLOR", ""))).isEqualTo(Paint.COLOURED);
    assertThat(Paint.of(true, Map.of("TERM", "dumb"))).isEqualTo(Paint.PLAIN);
  }

  @Test
  void peers() {
    golden("peers", Lists.peers(List.of(troubled()), Paint.PLAIN, Sample.NOW));
    assertThat(PeerRecords.anyDown(List.of(troubled()))).isTrue();
    assertThat(PeerRecords.anyDown(List.of(Sample.status("")))).isFalse();
  }

  @Test
  void connections() {
    golden("connections", Lists.connections(sample.connections, Paint.PLAIN));
  }

  @Test
  void routes() {
    sample.routes.replaceAll(
        route ->
            route.getDestination().equals("10.60.2.0/24")
                ? route.toBuilder().setState("missing").build()
                : route);
    golden("routes", Lists.routes(sample.routes, Paint.PLAIN));
  }

  @Test
  void names() {
    Name name =
        Name.newBuilder()
            .setNse("nse-1")
            .addNames("web.vl3")
            .addNames("www.vl3")
            .addAddresses("10.60.1.1")
            .build();
    golden("names", Lists.names(List.of(name), Paint.PLAIN));
  }

  @Test
  void anEvent_staysOnItsLine() {
    Event event =
        Event.newBuilder()
            .setAt(Sample.ago(3))
            .setKind("refused")
            .setComponent("nse-1")
            .setSubject("web\n\u001b[2J")
            .setText("EXHAUSTED prefix: full")
            .build();
    assertThat(Lists.event(event, Paint.PLAIN))
        .isEqualTo("11:59:57.000  refused          nse-1 web\\n\\u001b[2J: EXHAUSTED prefix: full");
  }

  @Test
  void aWay_thatArrives_andOneThatDoesNot() {
    golden("path", PathText.table(PathFinder.find(sample.members(), "web", "db"), Paint.PLAIN));
    sample.routes.removeIf(route -> route.getComponent().equals("nse-2"));
    golden(
        "path-lost", PathText.table(PathFinder.find(sample.members(), "web", "db"), Paint.PLAIN));
  }

  @Test
  void topology_inEveryForm() throws Exception {
    Topology topology =
        Topology.of(List.of(new Member(troubled(), List.of(), List.of(), List.of())));
    golden("topology.txt", TopologyText.table(topology, Paint.PLAIN), "");
    golden("topology.dot", TopologyText.dot(topology), "");
    golden("topology.mermaid", TopologyText.mermaid(topology), "");
    golden("topology.json", TopologyText.json(topology, ALL_ANSWER), "");
    String svg = TopologySvg.of(topology);
    golden("topology.svg", svg, "");
    assertThat(
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                .getElementsByTagName("line")
                .getLength())
        .isEqualTo(4);
  }

  @Test
  void drawings_writeOutWhatNamesMayHold() {
    ProcessStatus evil = Sample.message("nses { name: \"a\\\"]<script>&\\n\" state: \"up\" }");
    Topology topology = Topology.of(List.of(new Member(evil, List.of(), List.of(), List.of())));
    assertThat(TopologySvg.of(topology)).doesNotContain("<script>").contains("&lt;script&gt;&amp;");
    assertThat(TopologyText.mermaid(topology)).doesNotContain("<script>");
    assertThat(TopologyText.dot(topology)).contains("a\\\"]");
  }

  @Test
  void json_hasAVersion_everyField_andWhoWasSilent() throws Exception {
    JsonNode root =
        new ObjectMapper()
            .readTree(
                Json.document(
                    1,
                    "processes",
                    List.of(Sample.status("")),
                    new TreeMap<>(Map.of("/run/x.sock", "admin service: away"))));
    assertThat(root.get("version").asInt()).isEqualTo(1);
    assertThat(root.at("/silent/0/socket").asText()).isEqualTo("/run/x.sock");
    assertThat(root.at("/silent/0/why").asText()).isEqualTo("admin service: away");
    JsonNode nse = root.at("/processes/0/nses/0");
    assertThat(nse.get("name").asText()).isEqualTo("nse-1");
    assertThat(nse.get("noPrefix").asText()).isEmpty();
    assertThat(nse.at("/pools/0/addresses").isNumber()).isTrue();
    assertThat(nse.get("since").asText()).isEqualTo("2026-12-01T11:55:50Z");
  }

  private static ProcessStatus troubled() {
    ProcessStatus.Builder status =
        Sample.status(
            """
            manager { name: "nsm-1" urls: "unix:///run/vl3/nsm.io.sock" endpoints: 2 connections: 3 }
            health { code: "peer-down" severity: "error" component: "nse-1"
              subject: "a-peer-with-a-rather-long-name@172.31.0.2:5001"
              text: "peer a-peer-with-a-rather-long-name@172.31.0.2:5001: no packets pass: liveness: 3 probes unanswered"
              remedy: "See `vl3 events` for when it began." }
            health { code: "router-changed" severity: "warning" text: "nse-1: ip_forward: 0" remedy: "Look after it." }
            """)
            .toBuilder();
    status.getHealthBuilder(0).setSince(Sample.ago(7_300));
    status
        .getNsesBuilder(0)
        .setState("degraded")
        .addPeersBuilder()
        .setName("a-peer-with-a-rather-long-name@172.31.0.2:5001")
        .setState("degraded")
        .setSince(Sample.ago(7_300))
        .setDialledBy("us")
        .setLastError("liveness: 3 probes unanswered")
        .addPrefixes("10.60.77.0/24");
    return status.build();
  }

  private static String status(ProcessStatus process, Paint paint) {
    return StatusText.of(List.of(process), ALL_ANSWER, paint, Sample.NOW);
  }

  private static void golden(String name, String text) {
    golden(name, text, ".txt");
  }

  private static void golden(String name, String text, String ending) {
    if (ending.equals(".txt") || name.endsWith(".txt")) {
      assertThat(text.lines()).allMatch(line -> line.length() <= StatusText.WIDTH);
    }
    Golden.check(FILES.resolve(name + ending), text);
  }
}
