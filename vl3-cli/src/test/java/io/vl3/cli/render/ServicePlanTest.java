package io.vl3.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.mistake.ConfigException;
import io.vl3.cli.config.read.ConfigReader;
import io.vl3.cli.config.read.Overrides;
import io.vl3.ipam.IpamPlan;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A plan gives the endpoints the prefixes that they will own, also by the pod's octet. */
class ServicePlanTest {

  @Test
  void octets_followEachOther_inPoolsOf16OrShorter() throws ConfigException {
    IpamPlan plan = plan("10.60.0.0/16", 3, "253");
    assertThat(prefixes(plan))
        .containsExactly("10.60.253.0/24", "10.60.254.0/24", "10.60.255.0/24");
    assertThat(plan.capacity()).isEqualTo(3);
    assertThat(plan("10.60.0.0/16", 4, "253").problems())
        .containsExactly("endpoint 4 of 4: no prefix: octet: 256 (expected: 0..255)");
  }

  @Test
  void longerPool_isOneEndpoints() throws ConfigException {
    IpamPlan one = plan("192.168.0.0/17", 1, "5");
    assertThat(prefixes(one)).containsExactly("192.168.0.0/17");
    assertThat(one.works()).isTrue();
    assertThat(one.capacity()).isEqualTo(1);
    assertThat(plan("192.168.0.0/17", 2, "5").problems())
        .containsExactly(
            "endpoint 2 of 2: no prefix: 2 endpoints (expected: one) [it owns the whole pool:"
                + " NSE_IPAM_UNIQUE_OCTET counts in pools of /16 or shorter only]");
  }

  @Test
  void bothFamilies_areCutAsTheEndpointCutsThem() throws ConfigException {
    IpamPlan plan = plan("10.60.0.0/16,fd00::/56", 2, "254");
    assertThat(prefixes(plan))
        .containsExactly("10.60.254.0/24,fd00:0:0:fe::/64", "10.60.255.0/24,fd00:0:0:ff::/64");
    assertThat(plan.capacity()).isEqualTo(2);
    assertThat(plan("10.60.0.0/16,fd00::/60", 1, "14").capacity()).isEqualTo(2);
  }

  private static List<String> prefixes(IpamPlan plan) {
    return plan.endpoints().stream()
        .map(e -> String.join(",", e.prefixes().stream().map(Object::toString).toList()))
        .toList();
  }

  private static IpamPlan plan(String pools, int endpoints, String octet) throws ConfigException {
    List<EndpointConfig> read =
        ConfigReader.read(
                "vl3.yaml",
                "endpoints: [{name: a, vl3: {ipam: {defaultPrefixPool: '" + pools + "'}}}]\n",
                Map.of("NSE_IPAM_UNIQUE_OCTET", octet),
                Overrides.NONE)
            .endpoints();
    return ServicePlan.of(read, new ServicePlan.Question(endpoints, 0, List.of(), false))
        .get(0)
        .plan();
  }
}
