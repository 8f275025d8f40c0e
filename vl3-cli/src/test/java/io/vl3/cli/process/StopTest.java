package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vl3 run} that is asked to end: what it does first, and how long it takes at most. */
@RequiresNetns
class StopTest {

  private static final int BY_TERM = 143;
  private static final int FAILED = 1;

  @TempDir private Path directory;

  private final String one = Machine.unique("stop1-");
  private final String two = Machine.unique("stop2-");
  private Machine machine;
  private Vl3Process manager;

  /** A client that attaches nobody runs the manager, so that the NSEs do not. */
  @BeforeEach
  void start() throws Exception {
    machine = new Machine(directory);
    manager = machine.client("nobody", List.of(machine.workload("idle")));
    Path socket = machine.runDirectory().resolve("nsm.io.sock");
    Wait.until(() -> "there is a manager", () -> java.nio.file.Files.exists(socket));
  }

  @AfterEach
  void end() throws Exception {
    manager.signal("CONT");
    machine.close();
  }

  @Test
  void workloadsMoveToAnotherNse_andNothingIsLeft() throws Exception {
    Vl3Process first = machine.run(one, config(one, 1, "25s"));
    Netns workload = machine.workload("a");
    Vl3Process client = machine.client("stop", List.of(workload));
    Machine.awaitAddress(workload, "10.95.1.");
    Vl3Process second = machine.run(two, config(two, 2, "25s"));
    first.stop();
    assertThat(first.exitCode()).isZero();
    assertThat(Machine.endpoint(one).exists()).isFalse();
    Machine.awaitAddress(workload, "10.95.2.");
    client.awaitOutput(", served by " + two);
    client.stop();
    second.stop();
    assertThat(Machine.endpoint(two).exists()).isFalse();
  }

  @Test
  void hungManager_holdsNobodyPastTheDeadline_andTheRestIsPutAway() throws Exception {
    Vl3Process run = machine.run(one, config(one, 1, "10s"));
    manager.signal("STOP");
    long begin = System.nanoTime();
    run.stop();
    assertThat((System.nanoTime() - begin) / 1e9).as("seconds").isLessThan(20);
    assertThat(run.output())
        .contains("%s: not unregistered within 1 s, which is left".formatted(one));
    assertThat(Machine.endpoint(one).exists()).as("namespace").isFalse();
  }

  @Test
  void askedTwice_itEndsAtOnce_andSaysWhatIsLeft() throws Exception {
    Vl3Process run = machine.run(one, config(one, 1, "10m"));
    manager.signal("STOP");
    // Signals of one kind that are sent together come as one.
    Wait.until(
        run::toString,
        () -> {
          run.terminate();
          return !run.isAlive();
        });
    assertThat(run.exitCode()).isEqualTo(BY_TERM);
    assertThat(run.output()).contains("asked twice, by SIGTERM; ended at once; left: " + one);
  }

  @Test
  void deadlineThatIsTooShort_isKept_andSaysWhatIsLeft() throws Exception {
    Vl3Process run = machine.run(one, config(one, 1, "1ms"));
    manager.signal("STOP");
    run.stop();
    assertThat(run.exitCode()).isEqualTo(FAILED);
    assertThat(run.output()).contains("not everything was put away in 0 s; left: ");
  }

  private static String config(String name, int index, String deadline) {
    return """
    endpoints:
    - name: stop
      nseName: %s
      vl3:
        ipam: {defaultPrefixPool: 10.95.0.0/16, prefixIndex: %d}
    stop: {deadline: %s}
    """
        .formatted(name, index, deadline);
  }
}
