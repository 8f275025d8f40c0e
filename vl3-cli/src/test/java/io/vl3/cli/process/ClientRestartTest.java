package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.ExitCode;
import io.vl3.cli.Vl3;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.KernelState;
import io.vl3.linux.testing.RequiresNetns;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A client starts anew by the name of one of its workloads: they keep link and address. */
@RequiresNetns
class ClientRestartTest {

  @TempDir private Path directory;

  private final String nse = Machine.unique("again");
  private String printed = "";

  @Test
  void aClientThatStartsAnew_leavesItsWorkloadsTheirLinks() throws Exception {
    try (Machine machine = new Machine(directory)) {
      Vl3Process run = machine.run(nse, config());
      List<Netns> workloads = List.of(machine.workload("a"), machine.workload("b"));
      Vl3Process client = machine.client("again", workloads);
      for (Netns workload : workloads) {
        client.awaitOutput(workload.path().getFileName() + ": nsm0 ");
      }
      Machine.awaitPing(workloads.get(0), workloads.get(1));
      String before = links(workloads);
      String name = String.valueOf(workloads.get(0).path().getFileName());
      try (OneTransfer transfer =
          new OneTransfer(workloads.get(0), workloads.get(1), Machine.address(workloads.get(1)))) {
        Wait.until(() -> "transfer runs", () -> transfer.received() > 10_000);
        assertThat(vl3(machine, "restart", name)).as(printed).isZero();
        assertThat(printed).contains(name, ": restarted in ");
        assertThat(links(workloads)).isEqualTo(before);
        assertThat(transfer.goesOn()).isTrue();
        assertThat(transfer.complete()).isTrue();
      }
      assertThat(vl3(machine, "restart", "nobody")).isEqualTo(ExitCode.NOT_FOUND.value());
      assertThat(printed).contains("a network service, an NSE or a workload");
      assertThat(vl3(machine, "reload", name)).isNotZero();
      client.stop();
      assertThat(KernelState.ip(workloads.get(0), "link")).doesNotContain("nsm0");
      run.stop();
    }
  }

  /** With the interfaces' numbers, which one that is made anew has others of. */
  private static String links(List<Netns> workloads) throws Exception {
    StringBuilder all = new StringBuilder();
    for (Netns workload : workloads) {
      all.append(KernelState.ip(workload, "-o", "-4", "address", "show", "dev", "nsm0"));
    }
    return all.toString();
  }

  private int vl3(Machine machine, String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine line = Vl3.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(out));
    int code =
        line.execute(arguments[0], arguments[1], "--run-dir", machine.runDirectory().toString());
    printed = out.toString();
    return code;
  }

  private String config() {
    return """
    endpoints:
    - name: again
      nseName: %s
      vl3: {ipam: {defaultPrefixPool: 10.95.0.0/16, prefixIndex: 1}}
    """
        .formatted(nse);
  }
}
