package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vl3.cli.Vl3;
import io.vl3.cli.demo.DemoPlan.Nse;
import io.vl3.linux.testing.RequiresNetns;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code vl3 verify}: real packets between two nodes, and what breaks them. */
@RequiresNetns
class VerifyTest {

  @TempDir static Path dir;
  private static LiveNetwork live;

  private final List<Nse> nses = live.plan().nses().toList();
  private final String one = live.workloads().get(0).netns();
  private final String other = live.workloads().get(1).netns();

  @BeforeAll
  static void start() throws Exception {
    live = LiveNetwork.start(new DemoSize(2, 1, 1), dir.resolve("demo"));
  }

  @AfterAll
  static void stop() throws Exception {
    live.close();
  }

  @Test
  void allIsWell_everyPairEveryLinkEveryWay() throws Exception {
    Answer answer = verify("--output", "json", "--timeout", "20s");
    assertThat(answer.code()).as(answer.out()).isZero();
    JsonNode found = answer.json();
    assertThat(found.get("ok").asBoolean()).isTrue();
    assertThat(directions(found, "pairs"))
        .containsExactlyInAnyOrder(one + ">" + other, other + ">" + one);
    assertThat(directions(found, "links"))
        .containsExactlyInAnyOrder(
            one + ">" + nses.get(0).name(),
            other + ">" + nses.get(1).name(),
            nses.get(0).name() + ">" + remote(nses.get(1)),
            nses.get(1).name() + ">" + remote(nses.get(0)));
    assertThat(all(found, "pairs").map(pair -> pair.get("rttMillis").asDouble()))
        .allMatch(millis -> millis > 0);
    assertThat(found.get("mtus")).hasSize(6);
    assertThat(all(found, "mtus").map(mtu -> mtu.get("bytes").asInt()))
        .allMatch(bytes -> bytes >= 1400 && bytes <= 1500);
  }

  @Test
  void throughput_isMeasuredIfAsked_betweenTheNamedOnes() throws Exception {
    Answer answer =
        verify(one, other, "--throughput", "300ms", "--output", "json", "--timeout", "20s");
    assertThat(answer.code()).as(answer.out()).isZero();
    assertThat(directions(answer.json(), "rates"))
        .containsExactlyInAnyOrder(one + ">" + other, other + ">" + one);
    assertThat(all(answer.json(), "rates").map(rate -> rate.get("megabitsPerSecond").asDouble()))
        .allMatch(rate -> rate > 1);
    assertThat(answer.json().get("links")).isNotEmpty();
  }

  @Test
  void routeDeletedByHand_failsThePairThatNeedsIt() throws Exception {
    Nse first = nses.get(0);
    String destination = nses.get(1).prefix();
    String link = live.interfaceOf(first, destination);
    try {
      Answer answer = verifyWithout(first, destination, "--output", "json", "--timeout", "300ms");
      assertThat(answer.code()).isEqualTo(1);
      assertThat(all(answer.json(), "pairs").filter(pair -> !pair.get("ok").asBoolean()))
          .isNotEmpty();
      assertThat(verifyWithout(first, destination, "--timeout", "300ms").out())
          .contains("FAIL " + one + " -> " + other);
    } finally {
      live.spoil(
          first.netns(),
          "route replace %s via %s dev %s onlink proto 118"
              .formatted(destination, destination.replace("/24", ""), link));
    }
    assertThat(live.pings().awaitAll(System.nanoTime(), Duration.ofSeconds(60))).isEmpty();
  }

  /** A switch between the nodes carries less than both believe: nothing tells them so. */
  @Test
  void switchThatSwallowsLargePackets_isFoundToTheByte() throws Exception {
    String port = live.plan().domains().get(1).name();
    live.spoil(live.plan().hub(), "link set %s mtu 1400".formatted(port));
    try {
      Answer answer = verify("--output", "json", "--timeout", "1s");
      assertThat(answer.code()).isEqualTo(1);
      List<JsonNode> failed =
          all(answer.json(), "mtus").filter(mtu -> !mtu.get("ok").asBoolean()).toList();
      assertThat(failed).as(answer.out()).hasSize(4);
      // Less the tunnel's 50 bytes; a port takes the four of a VLAN tag more than its MTU.
      assertThat(failed).allMatch(mtu -> mtu.get("bytes").asInt() == 1400 + 4 - 50);
      assertThat(verify("--timeout", "1s").out())
          .contains("packets of more than 1354 bytes are lost, and nobody tells the sender");
    } finally {
      live.spoil(live.plan().hub(), "link set %s mtu 1500".formatted(port));
    }
  }

  @Test
  void whoIsNotThere_isNotFound() {
    assertThat(verify("nobody").code()).isEqualTo(4);
  }

  /** The NSE mends a route at its next look, which may come at any moment: then once more. */
  private static Answer verifyWithout(Nse nse, String destination, String... arguments)
      throws Exception {
    Answer answer = new Answer(0, "");
    for (int i = 0; i < 5 && answer.code() == 0; i++) {
      live.spoil(nse.netns(), "route flush exact " + destination);
      answer = verify(arguments);
    }
    return answer;
  }

  private static String remote(Nse nse) {
    return live.plan().domains().stream()
        .filter(domain -> domain.nses().contains(nse))
        .map(domain -> nse.name() + "@" + domain.managerAddress())
        .findFirst()
        .orElseThrow();
  }

  private static List<String> directions(JsonNode found, String list) {
    return all(found, list)
        .map(each -> each.get("from").asText() + ">" + each.get("to").asText())
        .toList();
  }

  private static Stream<JsonNode> all(JsonNode found, String list) {
    return StreamSupport.stream(found.get(list).spliterator(), false);
  }

  private record Answer(int code, String out) {
    JsonNode json() throws Exception {
      return new ObjectMapper().readTree(out);
    }
  }

  private static Answer verify(String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine line = Vl3.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(new StringWriter()));
    String[] all =
        Stream.of(Stream.of("verify"), Stream.of(arguments), Stream.of("--run-dir", dir.toString()))
            .flatMap(part -> part)
            .toArray(String[]::new);
    return new Answer(line.execute(all), out.toString());
  }
}
