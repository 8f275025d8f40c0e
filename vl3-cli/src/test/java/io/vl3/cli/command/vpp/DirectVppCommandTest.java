package io.vl3.cli.command.vpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.Vl3;
import io.vl3.dataplane.LinkChange.Put;
import io.vl3.dataplane.LinkOutcome.Applied;
import io.vl3.time.FakeTimer;
import io.vl3.vpp.SomeLinks;
import io.vl3.vpp.VppDataPlane;
import io.vl3.vpp.VppSettings;
import io.vl3.vpp.VppSocket;
import io.vl3.vpp.api.FakeVppServer;
import io.vl3.vpp.api.SchemaTable;
import io.vl3.vpp.testing.FakeVppModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands on a VPP that is spoken with directly. */
class DirectVppCommandTest {

  private static final String NSE = "vl3-nse-1";

  private final FakeVppModel model = new FakeVppModel();
  @TempDir private Path directory;
  private FakeVppServer server;
  private Path described;

  @BeforeEach
  void start() throws IOException {
    server = FakeVppServer.start(directory.resolve("api.sock"), "23.06", model);
    model.eventsTo(server::event);
    described = FakeVppServer.describe(directory.resolve("api"), "23.06");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void whatRuns_isShownAsOk() {
    program("web");

    Ended show = run("show");

    assertThat(show.code()).isZero();
    assertThat(show.out())
        .startsWith("VPP at " + server.socket() + ": ")
        .contains("ok", ".web")
        .doesNotContain("differs", "vpp-agent");
    assertThat(run("diff").out()).isEmpty();
  }

  @Test
  void reconcile_removesTheNsesObjects() {
    program("web");
    String runDir = directory.resolve("run").toString();
    assertThat(run("reconcile", "--nse", NSE, "--run-dir", runDir, "--dry-run").code())
        .isEqualTo(5);
    assertThat(model.state()).contains(".web");

    Ended done = run("reconcile", "--nse", NSE, "--run-dir", runDir);

    assertThat(done.err()).isEmpty();
    assertThat(done.code()).isZero();
    assertThat(model.state()).isEmpty();
  }

  @Test
  void api_namesTheVersionOfEachMessageThatIsUsed() {
    Ended table = run("api");

    assertThat(table.code()).isZero();
    assertThat(table.out())
        .contains("fake")
        .containsPattern("memif_create_v2 +[0-9a-f]{8} +used +memif_create")
        .containsPattern("get_api_json +- +absent");
    assertThat(run("api", "--output", "json").out())
        .contains("\"fit\" : true", "\"message\" : \"af_packet_create_v3\"");
  }

  @Test
  void api_ofAVppWithoutMemifs_namesWhatIsMissing() throws IOException {
    server.close();
    server =
        FakeVppServer.withTable(
            directory.resolve("api.sock"),
            String.join(
                "\n",
                SchemaTable.kept("23.06")
                    .lines()
                    .filter(line -> !line.startsWith("message memif_create"))
                    .toList()),
            model);

    Ended table = run("api");

    assertThat(table.code()).isEqualTo(5);
    assertThat(table.out()).containsPattern("memif_create_v2 +- +missing");
  }

  @Test
  void vppThatDoesNotAnswer_isUnreachable() {
    server.close();
    for (String command : List.of("show", "diff", "api")) {
      assertThat(run(command).code()).isEqualTo(3);
    }
  }

  private void program(String key) {
    ExecutorService io = Executors.newCachedThreadPool();
    try (VppDataPlane plane =
        VppDataPlane.direct(
            new VppSocket(server.socket(), List.of(described)),
            VppSettings.of(NSE),
            new FakeTimer(),
            Runnable::run,
            io,
            RandomGenerator.getDefault())) {
      assertThat(plane.apply(List.of(new Put(SomeLinks.numbered(key, 1, List.of())))))
          .allMatch(Applied.class::isInstance);
    } finally {
      io.shutdown();
    }
  }

  private record Ended(int code, String out, String err) {}

  private Ended run(String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of("vpp", command));
    arguments.addAll(List.of("--socket", server.socket().toString()));
    arguments.addAll(List.of("--api-directory", described.toString()));
    arguments.addAll(List.of(more));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Vl3.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int code = line.execute(arguments.toArray(String[]::new));
    return new Ended(code, out.toString(), err.toString());
  }
}
