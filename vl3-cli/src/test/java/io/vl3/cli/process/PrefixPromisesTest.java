package io.vl3.cli.process;

import static io.vl3.cli.process.Machine.address;
import static io.vl3.cli.process.Machine.awaitAddress;
import static io.vl3.cli.process.Machine.awaitPing;
import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.linux.Netns;
import io.vl3.linux.testing.KernelState;
import io.vl3.linux.testing.RequiresNetns;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/addressing.md promises of a prefix that is used up, kept, or changed in the file. */
@RequiresNetns
class PrefixPromisesTest {

  /** Two blocks of /30. */
  private static final String TINY =
      """
      endpoints:
      - name: tiny-service
        nseName: %s
        vl3:
          ipam: {defaultPrefixPool: %s, prefixLength: 29, prefixIndex: 1, routes: [%s]}
      """;

  @TempDir private Path directory;

  private final String nse = Machine.unique("tiny");

  @Test
  void usedUp_theNextIsToldSo_othersAreUnharmed_andWhoLeavesMakesRoomAtOnce() throws Exception {
    try (Machine machine = new Machine(directory)) {
      Netns stays = machine.workload("stays");
      Netns leaves = machine.workload("leaves");
      Netns waits = machine.workload("waits");
      machine.run(nse, tiny("10.92.0.0/16", ""));
      machine.client("tiny-service", List.of(stays));
      Vl3Process leaving = machine.client("tiny-service", List.of(leaves));
      String first = awaitAddress(stays, "10.92.0.");
      String second = awaitAddress(leaves, "10.92.0.");
      assertThat(List.of(first, second)).containsExactlyInAnyOrder("10.92.0.9", "10.92.0.13");

      machine
          .client("tiny-service", List.of(waits))
          .awaitOutput(
              "waits: not attached yet: addresses: no /30 left in [10.92.0.8/29]"
                  + " (expected: a free one)");
      awaitPing(stays, leaves);
      awaitPing(leaves, stays);
      assertThat(KernelState.ip(waits, "-o", "link")).doesNotContain("nsm0");

      leaving.stop();
      assertThat(KernelState.ip(leaves, "-o", "link")).doesNotContain("nsm0");
      assertThat(awaitAddress(waits, "10.92.0.")).isEqualTo(second);
      awaitPing(waits, stays);
      assertThat(address(stays)).isEqualTo(first);
    }
  }

  @Test
  void endedInOrder_addressesAreKept_andMovedOnceTheFileHasAnotherPool_asRoutesAre()
      throws Exception {
    try (Machine machine = new Machine(directory)) {
      Netns one = machine.workload("one");
      Netns two = machine.workload("two");
      Vl3Process run = machine.run(nse, tiny("10.92.0.0/16", ""));
      machine.client("tiny-service", List.of(one, two));
      String first = awaitAddress(one, "10.92.0.");
      String second = awaitAddress(two, "10.92.0.");

      run.stop();
      assertThat(Machine.endpoint(nse).exists()).isFalse();
      run = machine.run(nse, tiny("10.92.0.0/16", "10.200.0.0/16"));
      awaitPing(one, two);
      assertThat(List.of(address(one), address(two))).containsExactly(first, second);
      assertThat(KernelState.ip(one, "route")).contains("10.200.0.0/16 ");

      run.stop();
      machine.run(nse, tiny("10.93.0.0/16", ""));
      awaitAddress(one, "10.93.0.");
      awaitAddress(two, "10.93.0.");
      awaitPing(one, two);
      for (Netns netns : List.of(one, two, Machine.endpoint(nse))) {
        assertThat(KernelState.all(netns)).contains("10.93.0.").doesNotContain("10.92.", "10.200.");
      }
    }
  }

  private String tiny(String pool, String route) {
    return TINY.formatted(nse, pool, route);
  }
}
