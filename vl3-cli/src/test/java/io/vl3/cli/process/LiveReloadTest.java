package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.Vl3;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.KernelState;
import io.vl3.linux.testing.RequiresNetns;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A running NSE reads its configuration again: workloads have what is new, and go on. */
@RequiresNetns
class LiveReloadTest {

  private static final int REFUSED = 1;
  private static final int MISTAKES = 2;

  @TempDir private Path directory;

  private final String nse = Machine.unique("reload");
  private String printed = "";

  @Test
  void reloadedSettings_reachWorkloads_whoseConnectionsGoOn() throws Exception {
    try (Machine machine = new Machine(directory)) {
      Vl3Process run = machine.run(nse, config(1, "", ""));
      List<Netns> workloads = List.of(machine.workload("a"), machine.workload("b"));
      Vl3Process clients = machine.client("reload", workloads);
      for (Netns workload : workloads) {
        clients.awaitOutput(workload.path().getFileName() + ": nsm0 ");
      }
      Netns to = workloads.get(1);
      String address = Machine.address(to);
      Machine.awaitPing(workloads.get(0), to);
      try (OneTransfer transfer = new OneTransfer(workloads.get(0), to, address)) {
        Wait.until(() -> "transfer runs", () -> transfer.received() > 10_000);

        write(config(1, "routes: [10.99.0.0/16], excludedPrefixes: [10.94.1.128/25]", "10.9.9.9"));
        assertThat(reload(machine)).isZero();
        assertThat(printed)
            .contains(nse + "].vl3.ipam.routes: [10.99.0.0/16] (was [])")
            .contains(nse + "].vl3.ipam.excludedPrefixes: [10.94.1.128/25] (was [])")
            .contains(nse + "].vl3.nameServers: [10.9.9.9] (was [])");
        run.awaitOutput("configuration reloaded: endpoints[" + nse + "].vl3.ipam.routes, ");
        clients.awaitOutput("names from 10.9.9.9");
        Wait.until(
            () -> "a has the new route",
            () -> KernelState.ip(workloads.get(0), "-4", "route").contains("10.99.0.0/16"));

        write(config(2, "", ""));
        assertThat(reload(machine)).isEqualTo(REFUSED);
        assertThat(printed)
            .contains("nothing was applied")
            .contains("].vl3.ipam.prefixIndex: 2 (was 1)");
        write("endpoints: [");
        assertThat(reload(machine)).isEqualTo(MISTAKES);
        assertThat(KernelState.ip(workloads.get(0), "-4", "route")).contains("10.99.0.0/16");

        write(config(1, "routes: [10.98.0.0/16, 10.99.0.0/16]", "10.9.9.9"));
        run.signal("HUP");
        Wait.until(
            () -> "a has another route",
            () -> KernelState.ip(workloads.get(0), "-4", "route").contains("10.98.0.0/16"));
        write("nonsense: [");
        run.signal("HUP");
        run.awaitOutput("configuration not reloaded: ");

        assertThat(transfer.goesOn()).isTrue();
        assertThat(transfer.complete()).isTrue();
        assertThat(Machine.address(to)).isEqualTo(address);
      }
      clients.stop();
      run.stop();
      assertThat(Machine.endpoint(nse).exists()).isFalse();
    }
  }

  private int reload(Machine machine) {
    StringWriter out = new StringWriter();
    CommandLine line = Vl3.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(out));
    int code = line.execute("reload", nse, "--run-dir", machine.runDirectory().toString());
    printed = out.toString();
    return code;
  }

  private void write(String config) throws Exception {
    Files.writeString(directory.resolve(nse + ".yaml"), config);
  }

  private String config(int index, String ipam, String nameServer) {
    return """
    endpoints:
    - name: reload
      nseName: %s
      vl3:
        ipam: {defaultPrefixPool: 10.94.0.0/16, prefixIndex: %d, %s}
        nameServers: [%s]
    """
        .formatted(nse, index, ipam, nameServer);
  }
}
