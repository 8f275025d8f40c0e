package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.ExitCode;
import io.vl3.cli.Vl3;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Four NSEs start anew, one after the other, while a workload of one sends to a workload of another
 * over one TCP connection. With {@code -Dvl3.restart=plain} they are asked to end and are started,
 * as before there was {@code vl3 restart}: the figures of docs/performance.md.
 */
@RequiresNetns
class RollingRestartTest {

  private static final int NSES = 4;
  private static final boolean PLAIN = System.getProperty("vl3.restart", "").equals("plain");

  @TempDir private Path directory;

  private final List<Vl3Process> runs = new ArrayList<>();
  private final List<Netns> workloads = new ArrayList<>();
  private String addresses = "";

  @Test
  void everyNseStartsAnew_underOneTcpTransfer_whichCompletes() throws Exception {
    try (Machine machine = new Machine(directory)) {
      start(machine);
      Netns from = workloads.get(0);
      Netns to = workloads.get(2);
      try (OneTransfer transfer = new OneTransfer(from, to, Machine.address(to))) {
        Wait.until(() -> "transfer runs", () -> transfer.received() > 100_000);
        transfer.measureAnew();
        String printed = PLAIN ? restartPlainly(machine) : restart(machine);
        boolean goesOn = transfer.goesOn();
        double gap = transfer.longestGapMillis();
        long lost = transfer.retransmitted();
        boolean whole = goesOn && transfer.complete();
        System.out.printf(
            "restart of %d NSEs, %s: %s, %,d bytes, longest gap %.0f ms, %d segments sent again%n%s",
            NSES,
            PLAIN ? "plainly" : "rolling",
            whole ? "whole" : "broken, nothing came any more",
            transfer.received(),
            gap,
            lost,
            printed);
        if (!PLAIN) {
          assertThat(whole).as("every byte came, in order").isTrue();
          assertThat(addresses()).isEqualTo(addresses);
        }
      }
      for (Vl3Process run : runs) {
        run.stop();
      }
      for (int i = 0; i < NSES; i++) {
        assertThat(Machine.endpoint(name(i)).exists()).as(name(i)).isFalse();
      }
    }
  }

  private void start(Machine machine) throws Exception {
    for (int i = 0; i < NSES; i++) {
      runs.add(machine.run(name(i), config(i)));
    }
    for (int i = 0; i < NSES; i++) {
      workloads.add(machine.workload("w" + i));
    }
    Vl3Process clients = machine.client("roll", workloads);
    for (Netns workload : workloads) {
      clients.awaitOutput(workload.path().getFileName() + ": nsm0 ");
    }
    Machine.awaitPing(workloads.get(0), workloads.get(2));
    Machine.awaitPing(workloads.get(1), workloads.get(3));
    addresses = addresses();
  }

  /** Refused, with nothing restarted, until every peer is up. */
  private String restart(Machine machine) throws Exception {
    AtomicReference<String> printed = new AtomicReference<>("");
    AtomicInteger code = new AtomicInteger();
    Wait.until(
        printed::get,
        () -> {
          StringWriter out = new StringWriter();
          CommandLine line = Vl3.commandLine();
          line.setOut(new PrintWriter(out));
          line.setErr(new PrintWriter(out));
          String directory = machine.runDirectory().toString();
          code.set(line.execute("restart", "roll", "--timeout", "110s", "--run-dir", directory));
          printed.set(out.toString());
          return code.get() != ExitCode.DEGRADED.value();
        });
    assertThat(code.get()).as(printed.get()).isZero();
    return printed.get();
  }

  private String restartPlainly(Machine machine) throws Exception {
    for (int i = 0; i < NSES; i++) {
      runs.get(i).stop();
      runs.set(i, machine.run(name(i), config(i)));
    }
    return "";
  }

  private String addresses() throws Exception {
    List<String> all = new ArrayList<>();
    for (Netns workload : workloads) {
      all.add(Machine.address(workload));
    }
    return String.join(" ", all);
  }

  private static String name(int i) {
    return Machine.unique("roll" + i + "-");
  }

  private static String config(int i) {
    return """
    endpoints:
    - name: roll
      nseName: %s
      vl3:
        ipam: {defaultPrefixPool: 10.93.0.0/16, prefixIndex: %d}
    """
        .formatted(name(i), i + 1);
  }
}
