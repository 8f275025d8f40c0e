package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.dataplane.LinkChange.Put;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome.Applied;
import io.vl3.failure.EndpointException;
import io.vl3.links.InstalledLinks;
import io.vl3.links.InstalledLinks.InstalledRoute;
import io.vl3.time.FakeTimer;
import io.vl3.vpp.api.FakeVppServer;
import io.vl3.vpp.internal.ItemKind;
import io.vl3.vpp.testing.FakeVppModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a VPP runs is what it is asked for, whoever changed it since. */
class InstalledInVppTest {

  private static final String ROUTE = "10.9.0.0/16";

  /** The first workload of the rig. */
  private static final String WORKLOAD = "10.60.232.1/32";

  @TempDir private Path directory;

  @Test
  void direct_showsInterfacesAndRoutes_andNotARouteThatSomebodyDeleted() throws Exception {
    FakeVppModel model = new FakeVppModel();
    ExecutorService io = Executors.newCachedThreadPool();
    try (FakeVppServer server = FakeVppServer.start(directory.resolve("api.sock"), "23.06", model);
        VppDataPlane plane = direct(server, io)) {
      assertThat(plane.apply(List.of(new Put(SomeLinks.numbered("web", 1, List.of(ROUTE))))))
          .allMatch(Applied.class::isInstance);
      String face = plane.interfaceOf(new LinkKey("web")).orElseThrow();
      model.connect(face, true);

      InstalledLinks before = plane.installed();
      assertThat(before.hostsOnly()).isTrue();
      assertThat(before.interfaces())
          .filteredOn(one -> one.name().equals(face))
          .singleElement()
          .matches(InstalledLinks.Interface::up);
      assertThat(routes(before, face)).containsExactlyInAnyOrder("10.0.0.5/32", ROUTE);

      model.forgetRoute(ROUTE);
      assertThat(routes(plane.installed(), face)).containsExactly("10.0.0.5/32");

      model.connect(face, false);
      assertThat(plane.installed().interfaces())
          .filteredOn(one -> one.name().equals(face))
          .noneMatch(InstalledLinks.Interface::up);

      server.kill();
      assertThatThrownBy(plane::installed).isInstanceOf(EndpointException.class);
    } finally {
      io.shutdown();
    }
  }

  @Test
  void throughTheAgent_aRouteThatIsGoneIsNotShown() throws Exception {
    try (VppRig rig = VppRig.original()) {
      rig.workload("web");
      InstalledLinks before = rig.plane.installed();
      assertThat(destinations(before)).contains(WORKLOAD);

      rig.agent.vanish(item -> item.kind() == ItemKind.ROUTE);

      assertThat(destinations(rig.plane.installed())).doesNotContain(WORKLOAD);
      assertThat(rig.plane.installed().interfaces()).isEqualTo(before.interfaces());
    }
  }

  private VppDataPlane direct(FakeVppServer server, ExecutorService io) throws IOException {
    Path described = FakeVppServer.describe(directory.resolve("api"), "23.06");
    return VppDataPlane.direct(
        new VppSocket(server.socket(), List.of(described)),
        VppSettings.of("nse"),
        new FakeTimer(),
        Runnable::run,
        io,
        RandomGenerator.getDefault());
  }

  private static List<String> destinations(InstalledLinks installed) {
    return installed.routes().stream().map(route -> route.destination().toString()).toList();
  }

  private static List<String> routes(InstalledLinks installed, String face) {
    return installed.routes().stream()
        .filter(route -> route.interfaceName().equals(face))
        .map(InstalledRoute::destination)
        .map(Object::toString)
        .toList();
  }
}
