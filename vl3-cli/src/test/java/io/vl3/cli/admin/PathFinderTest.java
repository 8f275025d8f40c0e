package io.vl3.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.api.admin.v1.Interface;
import io.vl3.api.admin.v1.Route;
import io.vl3.cli.CliException;
import io.vl3.cli.admin.PathTrace.Outcome;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PathFinderTest {

  private final Sample sample = new Sample();

  @Test
  void aWay_passesBothNses_andArrives() {
    PathTrace trace = find("web", "db");
    assertThat(trace.outcome()).isEqualTo(Outcome.ARRIVES);
    assertThat(trace.to()).isEqualTo("10.60.2.1");
    assertThat(trace.hops().stream().map(hop -> hop.at() + ">" + hop.to()))
        .containsExactly("web>nse-1", "nse-1>nse-2", "nse-2>db");
    assertThat(trace.hops().get(0).link().orElseThrow().getPacketsOut()).isEqualTo(405);
    assertThat(trace.end()).isEqualTo("db has 10.60.2.1");
  }

  @Test
  void workloads_areFoundByAddressToo_andTheWayBackIsAnother() {
    PathTrace trace = find("10.60.2.1", "10.60.1.1");
    assertThat(trace.outcome()).isEqualTo(Outcome.ARRIVES);
    assertThat(trace.hops()).extracting(Hop::at).containsExactly("db", "nse-2", "nse-1");
  }

  @Test
  void aRouteThatIsMissing_isNamedAtItsHop() {
    change("nse-1", "10.60.2.0/24", route -> route.setState("missing"));
    PathTrace trace = find("web", "db");
    assertThat(trace.outcome()).isEqualTo(Outcome.LOST);
    assertThat(trace.hops()).extracting(Hop::at).containsExactly("web", "nse-1");
    assertThat(trace.end())
        .isEqualTo(
            "nse-1: the route to 10.60.2.0/24 by vl3-peer2 is missing, which its link to nse-2"
                + " asks for");
  }

  @Test
  void aMissingRoute_isNamedEvenIfAWiderOneLeadsElsewhere() {
    change("nse-2", "10.60.2.0/30", route -> route.setState("missing"));
    PathTrace trace = find("web", "db");
    assertThat(trace.end())
        .startsWith("nse-2: the route to 10.60.2.0/30 by vl3-db is missing")
        .endsWith("its link to db asks for");
  }

  @Test
  void anInterfaceThatIsDown_isNamed() {
    sample.interfaces.replaceAll(
        link ->
            link.getName().equals("vl3-peer2")
                ? Interface.newBuilder(link).setUp(false).build()
                : link);
    PathTrace trace = find("web", "db");
    assertThat(trace.outcome()).isEqualTo(Outcome.LOST);
    assertThat(trace.end()).isEqualTo("nse-1: interface vl3-peer2 is down");
  }

  @Test
  void anAddressThatNobodyHas_isRefusedWhereItBelongs() {
    PathTrace trace = find("db", "10.60.1.77");
    assertThat(trace.outcome()).isEqualTo(Outcome.LOST);
    assertThat(trace.end()).isEqualTo("nse-1: 10.60.1.77 is refused: nobody has it");
  }

  @Test
  void anAddressOutside_hasNoRoute() {
    assertThat(find("web", "192.0.2.1").end()).isEqualTo("web: no route to 192.0.2.1");
  }

  @Test
  void theLongestPrefixCounts_andOfOneLengthTheLowestMetric() {
    sample.routes.add(Sample.route("web", "10.60.2.1/32", "", "nsm1", ""));
    assertThat(find("web", "db").end()).isEqualTo("web: no connection of it is over nsm1");
    change("web", "10.60.2.1/32", route -> route.setMetric(9));
    sample.routes.add(Sample.route("web", "10.60.2.1/32", "10.60.1.2", "nsm0", "nse-1"));
    assertThat(find("web", "db").outcome()).isEqualTo(Outcome.ARRIVES);
  }

  @Test
  void anNseOfAnotherNode_isOutOfSight() {
    sample.connections.replaceAll(
        each ->
            each.getOther().equals("nse-2")
                ? each.toBuilder().setOther("nse-9@far").build()
                : each);
    PathTrace trace = find("web", "db");
    assertThat(trace.outcome()).isEqualTo(Outcome.UNSEEN);
    assertThat(trace.end()).startsWith("goes on to nse-9@far");
  }

  @Test
  void routesInACircle_end() {
    change("nse-2", "10.60.2.0/30", route -> route.setDestination("10.60.9.0/30"));
    change("nse-2", "10.60.2.0/24", route -> route.setInterface("vl3-peer1"));
    PathTrace trace = find("web", "db");
    assertThat(trace.outcome()).isEqualTo(Outcome.LOST);
    assertThat(trace.end()).isEqualTo("packets go round in circles");
  }

  @Test
  void whereTheDataPlaneCannotBeLookedAt_theWantedRoutesCount() {
    sample.routes.replaceAll(
        route ->
            route.getComponent().startsWith("nse")
                ? route.toBuilder().setState("unknown").build()
                : route);
    sample.interfaces.removeIf(link -> link.getComponent().startsWith("nse"));
    assertThat(find("web", "db").outcome()).isEqualTo(Outcome.ARRIVES);
  }

  @Test
  void aWorkloadThatIsNotThere_isNotFound_andTheOthersAreNamed() {
    assertThatThrownBy(() -> find("nobody", "db"))
        .isInstanceOf(CliException.class)
        .hasMessage("workload: nobody (expected: one of [web, db])");
  }

  private PathTrace find(String from, String to) {
    return PathFinder.find(sample.members(), from, to);
  }

  private void change(String at, String destination, UnaryOperator<Route.Builder> change) {
    sample.routes.replaceAll(
        route ->
            route.getComponent().equals(at) && route.getDestination().equals(destination)
                ? change.apply(route.toBuilder()).build()
                : route);
  }
}
