package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.IpContext;
import io.vl3.connection.Mechanism;
import io.vl3.connection.Token;
import io.vl3.dataplane.LinkKey;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.element.ProgramLink;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.net.InterfaceAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Links as NSM 0.2 has them: frames whatever the payload, and sockets that are told by their file's
 * name alone, in a directory that both sides know.
 */
class LegacyLinksTest {

  private static final Path WORKSPACE = Path.of("/var/lib/networkservicemesh/nse-1");
  private static final SocketNames NAMES =
      new SocketNames(Optional.empty(), Optional.of(WORKSPACE));
  private static final Duration LONG = Duration.ofSeconds(20);

  private final VppRig rig = VppRig.original();
  private final MemifSockets sockets =
      MemifSockets.namesWithin(WORKSPACE, "nse-a", rig.plane::isSocketOfAnother);

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void served_listensOnAFileOfTheWorkspace_andTellsItsName() throws EndpointException {
    EndpointRunner served = serving(MemifLinks::withEthernet);
    Connection link = ask(served, web());
    assertThat(told(link)).isEqualTo("nse-a-0.sock");
    assertThat(rig.state())
        .contains("web-1 master ETHERNET socket " + WORKSPACE + "/nse-a-0.sock ring");
    served.close(link, Caller.SELF, rig.soon());
    assertThat(rig.state()).isEmpty();
    assertThat(sockets.size()).isZero();
  }

  @Test
  void served_afterARestart_keepsTheNameItWasTold_ifItIsOneOfOurs() {
    assertThat(sockets.takeAgain("nse-a-7.sock", new LinkKey("w")))
        .contains(new MemifSockets.Socket(7, "nse-a-7.sock", WORKSPACE + "/nse-a-7.sock"));
    for (String foreign : List.of("nse-b-7.sock", "nse-a-.sock", WORKSPACE + "/nse-a-8.sock")) {
      assertThat(sockets.takeAgain(foreign, new LinkKey("w"))).isEmpty();
    }
  }

  @Test
  void asked_connectsToTheFileOfThatName() throws EndpointException {
    Connection link = ask(asking("nsc-4.sock"), web());
    assertThat(told(link)).isEqualTo("nsc-4.sock");
    assertThat(rig.state())
        .contains("peer-nse-b slave ETHERNET socket " + WORKSPACE + "/nsc-4.sock ring");
    assertThatThrownBy(() -> ask(asking("../nsc-4.sock"), web()))
        .hasMessageContaining("mechanism.parameters.socketfile: '../nsc-4.sock'");
  }

  @Test
  void withoutIt_thePayloadDecides() throws EndpointException {
    EndpointRunner served = serving(links -> links);
    Connection link = ask(served, web());
    assertThat(rig.state()).contains("web-1 master IP socket");
    served.close(link, Caller.SELF, rig.soon());
    ask(served, web().toBuilder().payload("ETHERNET").build());
    assertThat(rig.state()).contains("web-1 master ETHERNET socket");
  }

  private EndpointRunner serving(UnaryOperator<MemifLinks> kind) {
    MemifLinks links = MemifLinks.served(NAMES, false, session -> false);
    return runner(
        new ProgramLink(rig.program, kind.apply(links), rig.timer, LONG),
        new OfferMemif(sockets, OfferMemif.Standing.in(rig.plane), Optional.empty()));
  }

  private EndpointRunner asking(String answered) {
    Endpoint peer =
        (request, session, next) ->
            request
                .connection()
                .withMechanism(
                    Mechanism.local(Mechanism.MEMIF, Map.of(Mechanism.SOCKET_FILE, answered)));
    return runner(
        new AskMemif(Optional.empty()),
        new ProgramLink(rig.program, MemifLinks.asked(NAMES).withEthernet(), rig.timer, LONG),
        peer);
  }

  private EndpointRunner runner(Endpoint... elements) {
    List<Endpoint> chain = new ArrayList<>(List.of(elements));
    chain.add(
        0,
        new UpdatePath(
            "nse-a", () -> new Token("t", rig.timer.instant().plus(LONG)), ConnectionId::random));
    return new EndpointRunner(EndpointChain.of("legacy", chain), Runnable::run, rig.timer, LONG);
  }

  private Connection ask(EndpointRunner runner, Connection connection) throws EndpointException {
    return runner.request(
        new ConnectionRequest(connection, List.of(Mechanism.local(Mechanism.MEMIF, Map.of()))),
        Caller.SELF,
        rig.soon());
  }

  private static Connection web() {
    IpContext ip =
        IpContext.EMPTY.withAddresses(
            List.of(InterfaceAddress.parse("10.60.232.1/30")),
            List.of(InterfaceAddress.parse("10.60.232.2/30")));
    return Connection.to("vl3-service")
        .withId(new ConnectionId("web-1"))
        .withEndpointName("nse-b")
        .withLabels(Map.of("podName", "web-1"))
        .withIp(ip);
  }

  private static String told(Connection link) {
    return link.mechanism().orElseThrow().parameter(Mechanism.SOCKET_FILE).orElseThrow();
  }
}
