package io.vl3.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.DnsConfig;
import io.vl3.endpoint.ChainRig;
import io.vl3.endpoint.LeakCheck;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.ipam.AddressingMode;
import io.vl3.ipam.FixedPrefixes;
import io.vl3.ipam.IpamEndpoint;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.registry.DiscoverPeers;
import io.vl3.registry.KnownPeers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NameWorkloadTest {

  private final NameTable table = new NameTable();
  private final ChainRig rig = new ChainRig();
  private boolean failing;

  private List<IpPrefix> pools =
      List.of(IpPrefix.parse("10.0.0.0/16"), IpPrefix.parse("2001:db8::/64"));

  @RegisterExtension final LeakCheck leaks = new LeakCheck().empty("names", table::size);

  @Test
  void aWorkload_isNamed_andToldTheServerOfItsLink_andTenRefreshesChangeNothing() throws Exception {
    Connection answer = rig(AddressingMode.POINT_TO_POINT).request(labelled("w", "nsc"));
    assertThat(answer.context().dns())
        .containsExactly(
            new DnsConfig(
                addresses("10.0.0.2", "2001:db8::2"), List.of("service", "my.net", "net")));
    assertThat(found("nsc.service")).isEqualTo(addresses("10.0.0.1", "2001:db8::1"));
    assertThat(found("nsc.my.net")).isEqualTo(found("nsc.service"));
    for (int i = 0; i < 10; i++) {
      assertThat(rig.request(answer)).isEqualTo(answer);
    }
    rig.close(answer);
    assertThat(found("nsc.service")).isEmpty();
  }

  @Test
  void unnumbered_theServerIsTheEndpointsOnlyAddress() throws Exception {
    Connection answer = rig(AddressingMode.UNNUMBERED).request(labelled("w", "nsc"));
    assertThat(answer.context().dns().get(0).servers())
        .isEqualTo(addresses("10.0.0.0", "2001:db8::"));
    rig.close(answer);
  }

  @Test
  void aRefreshWithOtherLabelsOrAddress_changesTheName_andAFailedOneDoesNot() throws Exception {
    Connection answer = rig(AddressingMode.UNNUMBERED).request(labelled("w", "old"));
    failing = true;
    assertThatThrownBy(() -> rig.request(answer.withLabels(Map.of("podName", "new"))))
        .hasMessageContaining("behind: fails");
    assertThat(found("old.service")).isEqualTo(addresses("10.0.0.1", "2001:db8::1"));
    assertThat(found("new.service")).isEmpty();
    failing = false;
    rig.request(
        answer
            .withLabels(Map.of("podName", "new"))
            .withIp(answer.ip().withExcludedPrefixes(List.of(IpPrefix.parse("10.0.0.1/32")))));
    assertThat(found("old.service")).isEmpty();
    assertThat(found("new.service")).isEqualTo(addresses("10.0.0.2", "2001:db8::1"));
    rig.close(answer);
  }

  @Test
  void aFirstRequestThatFails_namesNothing() {
    rig(AddressingMode.UNNUMBERED);
    failing = true;
    assertThatThrownBy(() -> rig.request(labelled("w", "nsc")))
        .hasMessageContaining("behind: fails");
    assertThat(table.size()).isZero();
  }

  @Test
  void whoLeaves_takesItsOwnNameOnly() throws Exception {
    rig(AddressingMode.UNNUMBERED);
    Connection one = rig.request(labelled("1", "twin"));
    Connection other = rig.request(labelled("2", "twin"));
    assertThat(found("twin.service"))
        .isEqualTo(addresses("10.0.0.1", "2001:db8::1", "10.0.0.2", "2001:db8::2"));
    rig.close(one);
    assertThat(found("twin.service")).isEqualTo(addresses("10.0.0.2", "2001:db8::2"));
    rig.close(other);
  }

  @Test
  void serversOfTheNetworkItCameFrom_areForgotten_butNotThoseOfOthers() throws Exception {
    DnsConfig dead = new DnsConfig(addresses("10.0.7.1"), List.of("service"));
    DnsConfig cluster = new DnsConfig(addresses("10.96.0.10"), List.of("cluster.local"));
    Connection asked = labelled("w", "nsc");
    Connection answer =
        rig(AddressingMode.UNNUMBERED)
            .request(asked.withContext(asked.context().withDns(List.of(dead, cluster))));
    assertThat(answer.context().dns().stream().map(DnsConfig::servers))
        .containsExactly(cluster.servers(), addresses("10.0.0.0", "2001:db8::"));
    rig.close(answer);
  }

  @Test
  void whileThePoolIsNotKnown_nothingIsToldTwice() throws Exception {
    Connection answer = rig(AddressingMode.UNNUMBERED).request(labelled("w", "nsc"));
    pools = List.of();
    assertThat(rig.request(answer)).isEqualTo(answer);
    rig.close(answer);
  }

  private ChainRig rig(AddressingMode mode) {
    List<IpPrefix> own = List.of(IpPrefix.parse("10.0.0.0/24"), IpPrefix.parse("2001:db8::/112"));
    List<NameTemplate> templates =
        List.of(
            NameTemplate.parse("{{ index .Labels \"podName\" }}.{{ .NetworkService }}."),
            NameTemplate.parse("{{ index .Labels \"podName\" }}.my.net."));
    return rig.run(
        new DiscoverPeers(() -> KnownPeers.NONE),
        IpamEndpoint.of(new FixedPrefixes(own), mode),
        new NameWorkload(templates, table, () -> pools),
        this::maybeFail);
  }

  private Connection maybeFail(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Connection answer = next.request(request);
    if (failing) {
      throw new EndpointException(Reason.INTERNAL, "behind: fails");
    }
    return answer;
  }

  private Connection labelled(String id, String pod) {
    return rig.connection(id).withLabels(Map.of("podName", pod));
  }

  private List<IpAddress> found(String name) {
    return table.addresses(DnsName.parse(name));
  }

  private static List<IpAddress> addresses(String... texts) {
    return List.of(texts).stream().map(IpAddress::parse).toList();
  }
}
