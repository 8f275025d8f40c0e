package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.proto.trace.v1.Span.Link;
import io.vl3.cli.Vl3;
import io.vl3.cli.demo.Children.Child;
import io.vl3.cli.process.Wait;
import io.vl3.cli.tracing.OtlpReceiver;
import io.vl3.cli.tracing.OtlpReceiver.Received;
import io.vl3.linux.testing.RequiresNetns;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The traces of real processes in two domains. */
@RequiresNetns
class TracedRequestTest {

  private static final String REQUEST = "networkservice.NetworkService/Request";

  @TempDir static Path dir;
  private static OtlpReceiver receiver;
  private static TracedNetwork network;

  @BeforeAll
  static void start() throws Exception {
    receiver = OtlpReceiver.start();
    network = TracedNetwork.start(dir.resolve("demo"), receiver.port());
  }

  @AfterAll
  static void stop() throws Exception {
    network.close();
    receiver.close();
  }

  @Test
  void aWorkloadsRequestToTheOtherDomain_isOneTree_andReliesOnTheDialOfThePeer() throws Exception {
    String first = network.nse(0);
    String second = network.nse(1);
    awaitSpan("dial peer");
    Child client = network.client(0, network.serviceIn(1));
    Wait.until(client::lastWords, () -> client.said(", served by " + second));
    Wait.until(() -> tree().toString(), () -> tree().size() >= 9);
    List<Received> tree = tree();
    assertThat(tree.stream().map(Received::trace).distinct()).hasSize(1);
    assertThat(shape(tree))
        .containsExactly(
            "vl3-client INTERNAL request connection",
            ". vl3-client CLIENT " + REQUEST,
            ". . " + first + " SERVER " + REQUEST,
            ". . . " + first + " CLIENT " + REQUEST,
            ". . . . " + second + " SERVER " + REQUEST,
            ". . . . . " + second + " CLIENT " + REQUEST,
            ". . . . . . " + second + " SERVER " + REQUEST,
            ". . . . . " + second + " INTERNAL program link",
            ". . . " + first + " INTERNAL program link");
    Received served = tree.get(6);
    assertThat(served.attributes())
        .containsEntry("rpc.system", "grpc")
        .containsEntry("vl3.network_service", DemoPlan.SERVICE)
        .containsEntry("vl3.endpoint", second);
    assertThat(served.span().getLinksList())
        .as("the links to peers that its packets rely on")
        .extracting(link -> rootOf(link))
        .containsExactly("dial peer");
    assertThat(receiver.spans().toString()).doesNotContain("eyJ");
    theLinesOfTheRequest_sayItsTrace(tree.get(0).trace(), second);
  }

  /** In the log of the NSE, which is written as JSON. */
  private static void theLinesOfTheRequest_sayItsTrace(String trace, String nse) throws Exception {
    ObjectMapper json = new ObjectMapper();
    Set<String> connections = new HashSet<>();
    for (String line : Files.readAllLines(network.log(nse))) {
      if (line.startsWith("{")) {
        JsonNode object = json.readTree(line);
        if (object.path("trace_id").asText().equals(trace)) {
          connections.add(object.path("connection").asText());
        }
      }
    }
    assertThat(connections)
        .as("connections of the manager and of the NSE, with lines in the trace")
        .hasSize(2)
        .doesNotContain("");
  }

  @Test
  void noLogOfAnyProcess_hasATokenOrAKey() throws Exception {
    awaitSpan("register endpoint");
    try (Stream<Path> logs = Files.list(dir.resolve("demo"))) {
      for (Path log : logs.filter(file -> file.toString().endsWith(".log")).toList()) {
        assertThat(Files.readString(log)).as(log.toString()).doesNotContain("eyJ", "PRIVATE KEY");
      }
    }
  }

  @Test
  void aLevel_isSetInTheProcessThatHasTheNse_andInNoOther() {
    assertThat(command("log-level", network.nse(0), "info", "io.vl3.dns", "--for", "10m"))
        .matches("0 run [0-9]+: io.vl3.dns is info for 600 s, was trace\\R");
    assertThat(command("log-level", "DEBUG", "io.vl3.dns"))
        .startsWith("0 ")
        .containsPattern("run [0-9]+: io.vl3.dns is debug, was info")
        .containsPattern("run [0-9]+: io.vl3.dns is debug, was trace");
    assertThat(command("log-level", "nobody", "info")).startsWith("4 ");
    assertThat(command("log-level", "loud")).startsWith("2 ");
  }

  /** The exit code and what was printed. */
  private static String command(String... words) {
    StringWriter out = new StringWriter();
    CommandLine line = Vl3.commandLine().setOut(new PrintWriter(out));
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--run-dir", dir.resolve("demo").toString()));
    return line.execute(all.toArray(String[]::new)) + " " + out;
  }

  private static void awaitSpan(String name) throws Exception {
    Wait.until(
        () -> name + " among " + receiver.spans(),
        () -> receiver.spans().stream().anyMatch(s -> s.span().getName().equals(name)));
  }

  /** The trace that a client began which succeeded. */
  private static List<Received> tree() {
    List<Received> all = receiver.spans();
    return all.stream()
        .filter(span -> span.service().equals("vl3-client") && span.parent().isEmpty())
        .filter(span -> span.span().getStatus().getCodeValue() == 0)
        .filter(span -> span.span().getName().equals("request connection"))
        .findFirst()
        .map(root -> below(root, all).toList())
        .orElse(List.of());
  }

  private static Stream<Received> below(Received span, List<Received> all) {
    return Stream.concat(
        Stream.of(span),
        all.stream()
            .filter(other -> other.parent().equals(span.id()))
            .sorted((a, b) -> Long.compare(start(a), start(b)))
            .flatMap(child -> below(child, all)));
  }

  private static long start(Received span) {
    return span.span().getStartTimeUnixNano();
  }

  private static List<String> shape(List<Received> tree) {
    TreeMap<String, Integer> depths = new TreeMap<>();
    return tree.stream()
        .map(
            span -> {
              int depth = span.parent().isEmpty() ? 0 : depths.get(span.parent()) + 1;
              depths.put(span.id(), depth);
              return ". ".repeat(depth) + span;
            })
        .collect(Collectors.toList());
  }

  private static String rootOf(Link link) {
    String trace = HexFormat.of().formatHex(link.getTraceId().toByteArray());
    return receiver.spans().stream()
        .filter(span -> span.trace().equals(trace) && span.parent().isEmpty())
        .map(span -> span.span().getName())
        .findFirst()
        .orElse("nothing of " + trace);
  }
}
