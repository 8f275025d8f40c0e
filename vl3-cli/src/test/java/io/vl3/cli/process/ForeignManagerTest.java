package io.vl3.cli.process;

import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.nsm.interop.GoMesh;
import io.vl3.nsm.interop.RequiresGo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Packets between workloads of two NSEs where everything else is NSM's: registry, manager, and a
 * forwarder that joins namespaces.
 */
@RequiresGo
@RequiresNetns
class ForeignManagerTest {

  private static final String CONFIG =
      """
      endpoints:
      - name: vl3
        nseName: %s
        vl3: {ipam: {defaultPrefixPool: 10.60.0.0/16, prefixIndex: %d, addressing: %s}}
      nsm: {connectTo: '%s', listenOn: 'unix://%s'}
      """;

  @TempDir private Path directory = Path.of("/");

  private final List<Vl3Process> clients = new ArrayList<>();

  @AfterEach
  void endClients() {
    clients.forEach(Vl3Process::destroy);
  }

  @Test
  void workloadsOfTwoNses_reachEachOther_overLinksOfNsmsForwarder() throws Exception {
    reachEachOther("point-to-point");
  }

  @Test
  void workloadsWithoutLinkPrefixes_reachEachOther_overLinksOfNsmsForwarder() throws Exception {
    reachEachOther("unnumbered");
  }

  private void reachEachOther(String addressing) throws Exception {
    try (GoMesh mesh = GoMesh.withManager("-tunnel", "127.0.0.1");
        Machine machine = new Machine(directory)) {
      for (int i = 1; i <= 2; i++) {
        String name = Machine.unique("f" + i);
        var unused =
            machine.run(
                name,
                CONFIG.formatted(
                    name, i, addressing, mesh.managerUrl(), directory.resolve(name + ".sock")));
      }
      Netns red = machine.workload("red");
      Netns blue = machine.workload("blue");
      attach(mesh, red);
      attach(mesh, blue);

      // NSM's manager takes its endpoints in turn.
      String first = Machine.awaitAddress(red, "10.60.");
      String other = first.startsWith("10.60.1.") ? "10.60.2." : "10.60.1.";
      String unused = Machine.awaitAddress(blue, other);
      Machine.awaitPing(red, blue);
      Machine.awaitPing(blue, red);
    }
  }

  private void attach(GoMesh mesh, Netns workload) throws Exception {
    String name = String.valueOf(workload.path().getFileName());
    clients.add(
        Vl3Process.start(
            directory.resolve(name + ".log"),
            "client",
            "--run-dir",
            directory.resolve(name).toString(),
            "--connect-to",
            mesh.managerUrl(),
            "--service",
            "vl3",
            "--netns",
            workload.path().toString()));
  }
}
