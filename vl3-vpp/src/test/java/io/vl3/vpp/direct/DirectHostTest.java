package io.vl3.vpp.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.Route;
import io.vl3.dataplane.Attachment.Elsewhere;
import io.vl3.dataplane.Attachment.HostInterface;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange.Put;
import io.vl3.dataplane.LinkChange.Remove;
import io.vl3.dataplane.LinkEnd;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome.Applied;
import io.vl3.net.IpPrefix;
import io.vl3.vpp.KernelWay;
import io.vl3.vpp.SomeLinks;
import io.vl3.vpp.VppDataPlane;
import io.vl3.vpp.VppSettings;
import io.vl3.vpp.VppStatus.State;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Links whose ends are interfaces of the kernel, behind one interface that VPP takes for itself.
 */
class DirectHostTest {

  private static final String OWNER = "nse";
  private static final KernelWay WAY = KernelWay.of(OWNER);
  private DirectRig rig;

  @AfterEach
  void stop() {
    rig.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"22.10", "23.06", "26.06"})
  void links_shareTheInterface_andHaveARouteEach(String version) {
    VppDataPlane plane = open(version);

    apply(plane, put("a", "10.60.1.1/32"), put("b", "10.60.1.5/32", "2001:db8::5/128"));

    assertThat(interfaces())
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .contains(" of " + WAY.device(), " up mtu 9000 ")
                    .contains("mac " + WAY.mac()));
    assertThat(routes()).hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"22.10", "23.06", "26.06"})
  void lastLink_takesTheInterfaceAlong(String version) {
    VppDataPlane plane = open(version);
    apply(plane, put("a", "10.60.1.1/32"), put("b", "10.60.1.5/32"));

    apply(plane, new Remove(new LinkKey("a")));
    assertThat(interfaces()).hasSize(1);
    assertThat(routes()).hasSize(3);

    apply(plane, new Remove(new LinkKey("b")));
    assertThat(rig.model.state()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"22.10", "26.06"})
  void vppStartsAgain_everythingIsBack(String version) {
    VppDataPlane plane = open(version);
    apply(plane, put("a", "10.60.1.1/32"), new Put(SomeLinks.numbered("m", 9, List.of())));
    String before = rig.model.state();

    rig.restart();
    rig.lookUntil(() -> plane.status().state() == State.UP && rig.model.state().equals(before));

    assertThat(rig.model.state()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"23.06"})
  void successor_keepsWhatItAsksForAgain_andMakesNothingAnew(String version) {
    VppDataPlane first = open(version);
    apply(first, put("a", "10.60.1.1/32"), put("b", "10.60.1.5/32"));
    String before = rig.model.state();
    int made = rig.model.created();
    first.close();

    VppDataPlane second = rig.open(VppSettings.of(OWNER));
    apply(second, put("a", "10.60.1.1/32"));
    assertThat(rig.model.state()).isEqualTo(before);
    apply(second, put("b", "10.60.1.5/32"));

    assertThat(rig.model.state()).isEqualTo(before);
    assertThat(rig.model.created()).isEqualTo(made);
  }

  private VppDataPlane open(String version) {
    rig = new DirectRig(version);
    return rig.open(VppSettings.of(OWNER));
  }

  private static void apply(VppDataPlane plane, io.vl3.dataplane.LinkChange... changes) {
    assertThat(plane.apply(List.of(changes))).allMatch(Applied.class::isInstance);
  }

  private List<String> interfaces() {
    return lines("interface");
  }

  private List<String> routes() {
    return lines("route");
  }

  private List<String> lines(String kind) {
    return rig.model.state().lines().filter(line -> line.startsWith(kind)).toList();
  }

  private static Put put(String key, String... behind) {
    List<Route> routes = Stream.of(behind).map(prefix -> Route.to(IpPrefix.parse(prefix))).toList();
    LinkEnd end =
        new LinkEnd(
            new HostInterface(WAY.device()),
            WAY.addresses(),
            routes,
            WAY.hops().stream().map(KernelWay.Hop::kernel).toList());
    return new Put(new Link(new LinkKey(key), key, LinkEnd.bare(new Elsewhere()), end, 0));
  }
}
