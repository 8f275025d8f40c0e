package io.vl3.cli.process;

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

/** The own prefix changes at run time: no process ends, and the kernel's state follows. */
@RequiresNetns
class PrefixChangeTest {

  @TempDir private Path directory;

  private final String nse = Machine.unique("moved");

  @Test
  void anotherPrefixFromTheServer_addressesAndRoutesInTheKernelFollowAtOnce() throws Exception {
    try (FakePrefixServer server = FakePrefixServer.granting("10.94.1.0/24");
        Machine machine = new Machine(directory)) {
      Netns one = machine.workload("one");
      Netns two = machine.workload("two");
      machine.run(
          nse,
          """
          endpoints:
          - name: moved-service
            nseName: %s
            vl3:
              ipam: {defaultPrefixPool: 10.94.0.0/16, prefixServers: ["%s"]}
          nsm: {api: embedded, insecure: true}
          """
              .formatted(nse, server.url()));
      Vl3Process clients = machine.client("moved-service", List.of(one, two));
      awaitAddress(one, "10.94.1.");
      awaitAddress(two, "10.94.1.");
      awaitPing(one, two);

      server.grant("10.94.2.0/24");
      awaitAddress(one, "10.94.2.");
      awaitAddress(two, "10.94.2.");
      awaitPing(one, two);
      awaitPing(two, one);
      for (Netns netns : List.of(one, two, Machine.endpoint(nse))) {
        assertThat(KernelState.all(netns)).contains("10.94.2.").doesNotContain("10.94.1.");
      }
      for (String workload : List.of("one", "two")) {
        clients.awaitOutput("-" + workload + ": nsm0 10.94.2.");
      }
      assertThat(clients.output().lines().filter(line -> line.contains("served by")))
          .as("each is told where it was attached and that its address changed, nothing else")
          .hasSize(4)
          .allMatch(line -> line.endsWith(", served by " + nse));
    }
  }
}
