package io.vl3.cli.command.vpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.ligato.vpp.ConfigData;
import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.interfaces.MemifLink;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.api.ligato.vpp.l3.VrfTable;
import io.vl3.api.ligato.vpp.nat.DNat44;
import io.vl3.api.ligato.vpp.nat.Nat44AddressPool;
import io.vl3.api.ligato.vpp.nat.Nat44Global;
import io.vl3.api.ligato.vpp.nat.Nat44Interface;
import io.vl3.cli.Golden;
import io.vl3.cli.Vl3;
import io.vl3.dataplane.LinkKey;
import io.vl3.internal.process.ProcessLock;
import io.vl3.vpp.internal.ItemKind;
import io.vl3.vpp.internal.OwnerNames;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import io.vl3.vpp.testing.FakeRelease;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class VppCommandTest {

  private static final Path GOLDEN = Path.of("src/test/resources/io/vl3/cli/command");
  private static final String NSE = "vl3-nse-1";
  private static final OwnerNames NAMES = new OwnerNames(NSE);
  private static final OwnerNames OTHERS = new OwnerNames("vl3-nse-2");

  private final FakeAgent agent = new FakeAgent();
  private final FakeAgentServer server = FakeAgentServer.onPort(agent, 0);
  private final int port = server.port();

  @TempDir private Path directory;

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({"show,table", "show,json", "diff,table", "diff,json"})
  void differences_areMarked_andEndWithFive(String command, String format) {
    troubled();
    stray();
    Ended ended = vpp(command, "--output", format);
    assertThat(ended.err()).isEmpty();
    assertThat(ended.exitCode()).isEqualTo(5);
    Golden.check(GOLDEN.resolve("vpp-%s.%s".formatted(command, format)), ended.out());
  }

  @Test
  void foreignObjects_areShownOnDemand() {
    troubled();
    stray();
    assertThat(vpp("show").out()).doesNotContain("by-hand");
    Golden.check(GOLDEN.resolve("vpp-show-all.table"), vpp("show", "--all").out());
  }

  @Test
  void whatRunsAsItIsWanted_endsWithZero() {
    agent.push(NAMES.source(), link("web-1", 1));
    assertThat(vpp("diff")).isEqualTo(new Ended(0, "", ""));
    Ended shown = vpp("show");
    assertThat(shown.exitCode()).isZero();
    assertThat(shown.out()).contains("2 ok").doesNotContain("!");
  }

  @Test
  void agentWithoutAnything_isClean() {
    assertThat(vpp("show").out()).startsWith("vpp-agent AGENT: nothing\n");
    assertThat(vpp("show").exitCode()).isZero();
  }

  @Test
  void whatTheAgentIs_isInTheHead() {
    assertThat(head())
        .isEqualTo("  answers, version later than 3.5, by its 44 models; knows all of ours");
    agent.becomes(FakeRelease.V3_2, "vpp.nat.v2.dnat44", "vpp.v2.route");
    assertThat(head())
        .isEqualTo(
            "  answers, version 3.2, by its 39 models;"
                + " does not know vpp.nat.v2.dnat44, vpp.v2.route");
    assertThat(vpp("show", "--output", "json").out())
        .contains("\"version\" : \"3.2\",\n    \"known\" : 39,\n    \"missing\" : [ \"vpp.nat");
    agent.tellsModels(false);
    assertThat(head()).isEqualTo("  answers, does not list its models");
    assertThat(vpp("show", "--output", "json").out()).doesNotContain("models");
  }

  private String head() {
    return vpp("show").out().lines().skip(1).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"show", "diff", "reconcile"})
  void agentThatDoesNotAnswer_isUnreachable(String command) {
    server.kill(); // and wait until its port is closed
    String[] nse = command.equals("reconcile") ? new String[] {"--nse", NSE} : new String[0];
    Ended ended = vpp(command, nse);
    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(ended.err())
        .startsWith("vl3: vpp-agent at AGENT: ")
        .containsPattern("Connection (refused|reset)"); // reset: accepted while it closed
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void addressOfTheConfiguration_isUsed() throws IOException {
    agent.push(NAMES.source(), link("web-1", 1));
    Path file = config();
    Ended ended = run("vpp", "show", "--config", file.toString());
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("2 ok");
  }

  @ParameterizedTest
  @ValueSource(strings = {"table", "json"})
  void dryRun_showsWhatWouldGo_andRemovesNothing(String format) {
    troubled();
    String before = agent.state();
    Ended ended = vpp("reconcile", "--nse", NSE, "--dry-run", "--output", format);
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(5);
    assertThat(agent.state()).isEqualTo(before);
    Golden.check(GOLDEN.resolve("vpp-reconcile-dry-run." + format), ended.out());
  }

  @Test
  void reconcile_removesTheNsesObjects_andNoOthers() throws IOException {
    troubled();
    agent.push(OTHERS.source(), others());
    Ended ended = run("vpp", "reconcile", "--config", config().toString(), "--run-dir", runDir());
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    Golden.check(GOLDEN.resolve("vpp-reconcile.table"), ended.out());
    assertThat(agent.state())
        .doesNotContain(NAMES.tag())
        .contains(OTHERS.tag())
        .contains("by-hand");
    assertThat(agent.told(NAMES.source()))
        .extracting(Object::toString)
        .allMatch(told -> told.startsWith("nat"));
    assertThat(agent.calls()).noneMatch(FakeAgent.Call::fullResync);
    assertThat(vpp("reconcile", "--nse", NSE).out()).isEqualTo("vl3-nse-1: nothing left over\n");
  }

  @Test
  void whatVppRefusesToRemove_isTold_andTheRestGoes() {
    troubled();
    agent.refuseRemoval(item -> item.kind() == ItemKind.INTERFACE && item.name().contains("web-1"));
    Ended ended = vpp("reconcile", "--nse", NSE);
    assertThat(ended.exitCode()).isEqualTo(5);
    assertThat(ended.out()).contains("!  interface").contains("VPPApiError");
    assertThat(agent.state()).doesNotContain("web-2").contains("web-1");
  }

  @Test
  void whatTheAgentDoesNotKnow_staysAndIsTold() {
    stray();
    Ended ended = vpp("reconcile", "--nse", NSE);
    assertThat(ended.exitCode()).isEqualTo(5);
    assertThat(ended.out())
        .startsWith("vl3-nse-1: 0 removed, 1 not\n")
        .contains(": stays: the agent does not know it");
  }

  @Test
  void nseThatRuns_isLeftAlone() throws IOException {
    troubled();
    String before = agent.state();
    Path lock = Path.of(runDir()).resolve("nse").resolve(NSE + ".lock");
    Files.createDirectories(lock.getParent());
    try (ProcessLock held = ProcessLock.tryAcquire(lock).orElseThrow()) {
      Ended ended = vpp("reconcile", "--nse", NSE);
      assertThat(ended.exitCode()).isEqualTo(1);
      assertThat(ended.err()).startsWith("vl3: vl3-nse-1: runs (expected: not running)");
      assertThat(held).isNotNull();
    }
    assertThat(agent.state()).isEqualTo(before);
  }

  @Test
  void agentOfAnotherMachine_isOnlyLookedAt() {
    Ended ended = run("vpp", "reconcile", "--nse", NSE, "--address", "10.0.0.1:9113");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("--address: 10.0.0.1:9113 (expected: this machine's");
  }

  @Test
  void reconcileWithoutAName_isAUsageMistake() {
    Ended ended = vpp("reconcile");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("--nse: missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", ":9113", "127.0.0.1:99999", "127.0.0.1:0", "a b:1", "::1"})
  void addressThatIsNone_isAUsageMistake(String address) {
    Ended ended = run("vpp", "show", "--address", address);
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("--address").contains(address + " (expected: host:port");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../../x", "a b"})
  void nameThatIsNone_isAUsageMistake(String name) {
    Ended ended = vpp("reconcile", "--dry-run", "--nse", name);
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("--nse").contains(name + " (expected: 1..63 letters");
  }

  /** One link that is well, one that is not quite, a route that waits, and what is not ours. */
  private void troubled() {
    agent.refuseAddress("10.60.1.6/30");
    agent.push(NAMES.source(), link("web-1", 1));
    agent.push(NAMES.source(), link("web-2", 2));
    agent.push(NAMES.source(), translation());
    agent.push(NAMES.source(), ConfigData.newBuilder().addRoutes(route("gone", 3)).build());
    agent.foreign(
        Interface.newBuilder()
            .setName("by-hand")
            .setType(Interface.Type.SOFTWARE_LOOPBACK)
            .addIpAddresses("10.9.0.1/24")
            .build());
    agent.refuseNothing();
    agent.forgetCalls();
  }

  /** It runs under a name of ours, and the agent does not know of it. */
  private void stray() {
    agent.foreign(face("forgotten", 4).build());
  }

  private static ConfigData link(String workload, int number) {
    return ConfigData.newBuilder()
        .addInterfaces(face(workload, number))
        .addRoutes(route(workload, number))
        .build();
  }

  private static Interface.Builder face(String workload, int number) {
    return Interface.newBuilder()
        .setName(name(workload))
        .setType(Interface.Type.MEMIF)
        .setEnabled(true)
        .addIpAddresses("10.60.1.%d/30".formatted(4 * number - 2))
        .setMemif(
            MemifLink.newBuilder()
                .setMaster(true)
                .setMode(MemifLink.MemifMode.IP)
                .setSocketFilename("/run/vpp/memif-%d.sock".formatted(number)));
  }

  private static Route route(String workload, int number) {
    return Route.newBuilder()
        .setDstNetwork("10.60.%d.0/24".formatted(100 + number))
        .setOutgoingInterface(name(workload))
        .build();
  }

  private static ConfigData translation() {
    return ConfigData.newBuilder()
        .addVrfs(VrfTable.newBuilder().setId(7).setLabel(NAMES.label()))
        .setNat44Global(Nat44Global.getDefaultInstance())
        .addNat44Pools(Nat44AddressPool.newBuilder().setFirstIp("192.0.2.1"))
        .addNat44Interfaces(Nat44Interface.newBuilder().setName(name("web-1")).setNatInside(true))
        .addDnat44S(
            DNat44.newBuilder()
                .setLabel(NAMES.forwardLabel(new LinkKey("web-1"), "tcp-8080"))
                .addStMappings(
                    DNat44.StaticMapping.newBuilder()
                        .setExternalIp("192.0.2.1")
                        .setExternalPort(8080)
                        .addLocalIps(
                            DNat44.StaticMapping.LocalIP.newBuilder()
                                .setLocalIp("10.60.1.1")
                                .setLocalPort(8080))))
        .build();
  }

  private static ConfigData others() {
    return ConfigData.newBuilder()
        .addInterfaces(
            face("api", 9).setName(OTHERS.interfaceName(new LinkKey("api"), "api")).build())
        .build();
  }

  private static String name(String workload) {
    return NAMES.interfaceName(new LinkKey(workload), workload);
  }

  private Path config() throws IOException {
    Path file = directory.resolve("vl3.yaml");
    Files.writeString(
        file,
        """
        endpoints:
        - name: vl3-service
          nseName: vl3-nse-1
          vl3:
            ipam:
              defaultPrefixPool: 10.60.0.0/16
              prefixIndex: 1
        dataplane:
          type: vpp-agent
          address: 127.0.0.1:%d
        """
            .formatted(server.port()));
    return file;
  }

  private String runDir() {
    return directory.resolve("run").toString();
  }

  private Ended vpp(String command, String... options) {
    List<String> arguments = new ArrayList<>(List.of("vpp", command));
    arguments.addAll(List.of("--address", "127.0.0.1:" + port));
    if (command.equals("reconcile")) {
      arguments.addAll(List.of("--run-dir", runDir()));
    }
    arguments.addAll(List.of(options));
    return run(arguments.toArray(String[]::new));
  }

  private Ended run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Vl3.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int exitCode = line.execute(arguments);
    return new Ended(exitCode, named(out.toString()), named(err.toString()));
  }

  /** The port differs in each run. */
  private String named(String text) {
    return text.replace("127.0.0.1:" + port, "AGENT");
  }

  private record Ended(int exitCode, String out, String err) {}
}
