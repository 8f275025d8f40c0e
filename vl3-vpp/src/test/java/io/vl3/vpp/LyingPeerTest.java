package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.Route;
import io.vl3.failure.EndpointException;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** VPP is never told what a peer that we dial says about others. */
class LyingPeerTest {

  @Test
  void whatItSaysOfOthers_isNotToldToVpp_neitherAtTheDialNorAtARefresh() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      for (UnaryOperator<Connection> lie :
          List.of(wayTo("0.0.0.0/0"), wayTo("10.0.0.0/8"), address("10.60.9.5/32"))) {
        rig.lie = lie;
        assertThatThrownBy(() -> rig.dial("p")).hasMessageContaining("of peer nse-b (expected: ");
        assertThat(rig.state()).isEmpty();
      }
      rig.lie = UnaryOperator.identity();
      Connection link = rig.dial("p");
      String honest = rig.state();
      rig.lie = wayTo("0.0.0.0/0");
      assertThatThrownBy(() -> rig.dial("p")).hasMessageContaining("of peer nse-b (expected: ");
      assertThat(rig.state()).isEqualTo(honest).contains("10.60.7.0/24");
      assertThat(link.ip().clientRoutes()).hasToString("[10.60.7.0/32, 10.60.7.0/24]");
    }
  }

  @Test
  void theNetworkOfNsmsOwnVl3_isNotToldToVpp() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      rig.dial("p");
      String honest = rig.state();
      rig.asked.close(rig.connection("p", "nse-a"), Caller.SELF, rig.soon());
      rig.lie = wayTo("10.60.0.0/16");
      rig.dial("p");
      assertThat(rig.state()).isEqualTo(honest);
    }
  }

  private static UnaryOperator<Connection> wayTo(String destination) {
    return answer ->
        answer.withIp(
            answer
                .ip()
                .withRoutes(
                    Stream.concat(
                            answer.ip().clientRoutes().stream(),
                            Stream.of(Route.to(IpPrefix.parse(destination))))
                        .toList(),
                    answer.ip().endpointRoutes()));
  }

  private static UnaryOperator<Connection> address(String address) {
    return answer ->
        answer.withIp(
            answer
                .ip()
                .withAddresses(
                    answer.ip().clientAddresses(), List.of(InterfaceAddress.parse(address))));
  }
}
