package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.ExitCode;
import io.vl3.cli.Vl3;
import io.vl3.cli.assembly.Admin;
import io.vl3.cli.assembly.Node;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.links.InstalledLinks;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.nsm.NsmClient;
import io.vl3.status.WorkloadView;
import io.vl3.vpp.AskMemif;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/**
 * Two {@code vl3 run}, each with a VPP of its own and a workload with MEMIF: what an operator does
 * to them, and sees of them. The machine's manager is the test's: it stays.
 */
@RequiresNetns
class VppChangesTest {

  private static final String SERVICE = "vpp-changes";

  @TempDir private Path directory;

  private final String one = Machine.unique("change1-");
  private final String two = Machine.unique("change2-");
  private String printed = "";

  @ParameterizedTest
  @EnumSource
  void aReloadAndARestart_leaveLinksInVppAsTheyAre_andTheEndLeavesNothing(OwnVpp.Way way)
      throws Exception {
    try (Machine machine = new Machine(directory);
        OwnVpp first = way.start(directory);
        OwnVpp second = way.start(directory);
        Node node = Node.join(machine.runDirectory(), Optional.empty())) {
      Vl3Process runOne = machine.run(one, config(one, 1, first, ""));
      Vl3Process runTwo = machine.run(two, config(two, 2, second, ""));
      try (NsmClient client = client(node, "web-1")) {
        Connection web = client.request(ConnectionRequest.of(workload(one)));
        awaitLinked(first, second);
        String before = states(first, second);
        int made = interfacesCreated(first, second);

        Files.writeString(
            directory.resolve(one + ".yaml"), config(one, 1, first, ", nameServers: [10.9.9.9]"));
        assertThat(vl3(machine, "reload", one)).as(printed).isZero();
        assertThat(printed).contains("nameServers: [10.9.9.9] (was [])");
        assertThat(states(first, second)).isEqualTo(before);

        Wait.until(
            () -> "all are restarted: " + printed,
            () ->
                vl3(machine, "restart", SERVICE, "--timeout", "110s") != ExitCode.DEGRADED.value());
        String told = printed;
        var unused = vl3(machine, "status");
        assertThat(told).as(printed).contains(one + ": restarted in ", two + ": restarted in ");
        assertThat(states(first, second)).isEqualTo(before);
        assertThat(interfacesCreated(first, second)).as("made anew").isEqualTo(made);
        Connection again = client.request(ConnectionRequest.of(web));
        assertThat(again.ip().clientAddresses()).isEqualTo(web.ip().clientAddresses());
        assertThat(states(first, second)).isEqualTo(before);
      }
      runOne.stop();
      runTwo.stop();
      assertThat(states(first, second)).isBlank();
    }
  }

  @ParameterizedTest
  @EnumSource
  @SuppressWarnings("try") // the admin service is only held
  void path_namesTheHopOfARouteThatWasDeletedByHand(OwnVpp.Way way) throws Exception {
    try (Machine machine = new Machine(directory);
        OwnVpp first = way.start(directory);
        OwnVpp second = way.start(directory);
        Node node = Node.join(machine.runDirectory(), Optional.empty())) {
      machine.run(one, config(one, 1, first, ""));
      machine.run(two, config(two, 2, second, ""));
      try (NsmClient atOne = client(node, "web-1");
          NsmClient atTwo = client(node, "web-2")) {
        List<WorkloadView> workloads =
            List.of(
                new Seen("web-1", atOne.request(ConnectionRequest.of(workload(one)))),
                new Seen("web-2", atTwo.request(ConnectionRequest.of(workload(two)))));
        try (Admin admin = Admin.open(node, "client", all -> all.withWorkloads(() -> workloads))) {
          awaitLinked(first, second);
          awaitPath(machine, "web-1 to 10.60.2.", ": arrives");

          // Refused from now on, so that the NSE does not put it back.
          second.loseRoute("10.60.1.0/24");
          awaitPath(machine, "web-1 to 10.60.2.", ": arrives");
          assertThat(vl3(machine, "path", "web-2", "web-1")).as(printed).isNotZero();
          assertThat(printed)
              .contains("%s: the route to 10.60.1.0/24 by ".formatted(two))
              .contains(" is missing, which its link to %s asks for".formatted(one));

          second.takeRoutes();
          Wait.until(() -> "mended: " + printed, () -> vl3(machine, "path", "web-2", "web-1") == 0);
        }
      }
    }
  }

  private void awaitPath(Machine machine, String from, String end) throws Exception {
    Wait.until(
        () -> "arrives: " + printed,
        () ->
            vl3(machine, "path", "web-1", "web-2") == 0
                && printed.contains(from)
                && printed.contains(end));
  }

  /** A workload whose interface is in a VPP that nobody can look into. */
  private record Seen(String name, Connection connection) implements WorkloadView {

    @Override
    public Status status() {
      return new Status(name, "", "memif", SERVICE, Optional.of(connection), Optional.empty());
    }

    @Override
    public InstalledLinks installed() throws EndpointException {
      throw new EndpointException(Reason.UNAVAILABLE, name + ": in a VPP of its own");
    }
  }

  private static void awaitLinked(OwnVpp first, OwnVpp second) throws Exception {
    Wait.until(
        60,
        () -> "linked:\n" + states(first, second),
        () -> first.leadsTo("10.60.2.0/24") && second.leadsTo("10.60.1.0/24"));
    first.connectAll();
    second.connectAll();
  }

  private static String states(OwnVpp... vpps) {
    return Arrays.stream(vpps).map(OwnVpp::state).collect(Collectors.joining("\n"));
  }

  private static int interfacesCreated(OwnVpp... vpps) {
    return Arrays.stream(vpps).mapToInt(OwnVpp::created).sum();
  }

  /** A workload whose packets pass: VPP forwards without its NSE. */
  private static NsmClient client(Node node, String name) {
    return NsmClient.builder(node.runtime(), node.manager(), name)
        .probe(connection -> true)
        .element(new AskMemif(Optional.empty()))
        .build();
  }

  private static Connection workload(String nse) {
    return Connection.to(SERVICE).withEndpointName(nse).withLabels(Map.of("podName", "web"));
  }

  private int vl3(Machine machine, String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine line = Vl3.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(out));
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--run-dir";
    all[arguments.length + 1] = machine.runDirectory().toString();
    int code = line.execute(all);
    printed = out.toString().replaceAll("\\s+", " ");
    return code;
  }

  private String config(String name, int index, OwnVpp vpp, String more) {
    return """
    endpoints:
    - name: %s
      nseName: %s
      vl3: {ipam: {defaultPrefixPool: 10.60.0.0/16, prefixIndex: %d}%s}
    dataplane:
      memif: {socketDirectory: %s}
    %s"""
        .formatted(SERVICE, name, index, more, directory.resolve("sockets"), vpp.dataplane());
  }
}
