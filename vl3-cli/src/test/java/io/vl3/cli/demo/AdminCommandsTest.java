package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vl3.cli.Vl3;
import io.vl3.cli.demo.DemoPlan.Nse;
import io.vl3.cli.demo.DemoPlan.Workload;
import io.vl3.linux.testing.RequiresNetns;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands that look, at real processes, namespaces and routes of two nodes. */
@RequiresNetns
class AdminCommandsTest {

  @TempDir static Path dir;
  private static LiveNetwork live;

  private final List<Nse> nses = live.plan().nses().toList();
  private final List<Workload> workloads = live.plan().workloads().toList();

  @BeforeAll
  static void start() throws Exception {
    live = LiveNetwork.start(new DemoSize(2, 1, 1), dir.resolve("demo"));
  }

  @AfterAll
  static void stop() throws Exception {
    live.close();
  }

  @Test
  void status_findsAllProcessesBelowTheRunDirectory_andAllIsWell() throws Exception {
    Answer answer = ask("status", "--output", "json");
    assertThat(answer.code()).isZero();
    JsonNode processes = answer.json().get("processes");
    assertThat(processes).hasSize(4);
    assertThat(all(processes, "nses", "name"))
        .containsExactlyInAnyOrderElementsOf(nses.stream().map(Nse::name).toList());
    assertThat(all(processes, "workloads", "name"))
        .containsExactlyInAnyOrderElementsOf(workloads.stream().map(Workload::netns).toList());
    assertThat(all(processes, "nses", "state")).containsOnly("up");
    assertThat(ask("status").out())
        .startsWith("4 processes, 2 NSEs, 2 workloads: all is well")
        .contains("10.60.1.0/24", "10.60.2.0/24");
  }

  @Test
  void peersConnectionsAndEvents_showBothSides() throws Exception {
    assertThat(ask("peers").code()).isZero();
    assertThat(ask("peers").out()).contains("10.60.1.0/24", "10.60.2.0/24");
    JsonNode connections = ask("connections", "--output", "json").json().get("connections");
    assertThat(connections).hasSize(4);
    assertThat(values(connections, "kind"))
        .containsExactlyInAnyOrder("workload", "workload", "peer", "dialled");
    assertThat(ask("events").out())
        .contains("registered", "peer-up", "connected")
        .contains(workloads.get(0).netns());
    assertThat(ask("topology").out()).contains(" peer ", " workload ", " up");
  }

  @Test
  void oneSocket_isOneProcess() throws Exception {
    List<Path> sockets = new ArrayList<>();
    try (Stream<Path> files = Files.walk(dir)) {
      files.filter(file -> file.toString().contains("/admin/run-")).forEach(sockets::add);
    }
    Path one = sockets.stream().filter(file -> file.toString().endsWith(".sock")).findFirst().get();
    assertThat(ask("status", "--socket", one.toString()).out()).startsWith("1 process, 1 NSE, ");
  }

  @Test
  void nobodyThere_isNotFound_andAnAbsentSocketIsUnreachable(@TempDir Path empty) {
    assertThat(run("status", "--run-dir", empty.toString()).code()).isEqualTo(4);
    assertThat(run("status", "--socket", empty.resolve("a.sock").toString()).code()).isEqualTo(3);
  }

  @Test
  void routesThatAreWanted_areInstalled_andOneDeletedByHandIsFoundByPath() throws Exception {
    String from = workloads.get(0).netns();
    String to = workloads.get(1).netns();
    assertThat(states()).containsOnly("installed");
    assertThat(ask("path", from, to).code()).isZero();
    assertThat(ask("path", from, to).out()).contains(": arrives");

    Nse first = nses.get(0);
    String destination = nses.get(1).prefix();
    String link = live.interfaceOf(first, destination);
    assertThat(LiveNetwork.output("ip", "-n", first.netns(), "route", "del", destination))
        .isEmpty();
    try {
      Answer lost = ask("path", from, to);
      assertThat(lost.code()).isEqualTo(1);
      assertThat(lost.out().replaceAll("\\s+", " "))
          .contains(": lost")
          .contains(
              "%s: the route to %s by %s is missing, which its link to %s asks for"
                  .formatted(first.name(), destination, link, nses.get(1).name()));
      assertThat(states()).contains("missing");
    } finally {
      String back =
          "ip -n %s route add %s via %s dev %s onlink proto 118"
              .formatted(first.netns(), destination, destination.replace("/24", ""), link);
      LiveNetwork.output(back.split(" "));
    }
    assertThat(ask("path", from, to).code()).isZero();
  }

  private List<String> states() throws Exception {
    return values(ask("routes", "--output", "json").json().get("routes"), "state");
  }

  private static List<String> values(JsonNode list, String field) {
    List<String> values = new ArrayList<>();
    list.forEach(one -> values.add(one.get(field).asText()));
    return values;
  }

  private static List<String> all(JsonNode processes, String list, String field) {
    List<String> values = new ArrayList<>();
    processes.forEach(process -> values.addAll(values(process.get(list), field)));
    return values;
  }

  private record Answer(int code, String out) {
    JsonNode json() throws Exception {
      return new ObjectMapper().readTree(out);
    }
  }

  private static Answer ask(String... arguments) {
    return run(
        Stream.concat(Stream.of(arguments), Stream.of("--run-dir", dir.toString()))
            .toArray(String[]::new));
  }

  private static Answer run(String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine line = Vl3.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(new StringWriter()));
    return new Answer(line.execute(arguments), out.toString());
  }
}
