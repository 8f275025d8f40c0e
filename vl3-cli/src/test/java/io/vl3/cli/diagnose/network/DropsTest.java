package io.vl3.cli.diagnose.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.diagnose.network.NftRules.Drop;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What of a rule set counts as dropping. */
class DropsTest {

  private static final String BASE =
      """
      {"chain": {"family": "inet", "table": "t", "name": "c", "hook": "forward", "policy": "%s"}},
      {"chain": {"family": "inet", "table": "t", "name": "lone"}}
      """;

  private static final String DROP =
      """
      {"rule": {"family": "inet", "table": "t", "chain": "%s", "expr": [
        {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}},
          "right": {"prefix": {"addr": "10.0.0.0", "len": 8}}}},
        {"counter": {"packets": 7, "bytes": 100}}, {"drop": null}]}}
      """;

  private static final String JUMP =
      """
      {"rule": {"family": "inet", "table": "t", "chain": "c", "expr": [{"jump": {"target": "lone"}}]}}
      """;

  @Test
  void aRuleThatDrops_isShownAsWritten_withWhatItCounted() throws Exception {
    assertThat(NftRules.drops(rules(BASE.formatted("accept"), DROP.formatted("c"))))
        .containsExactly(new Drop("inet t c", "ip saddr 10.0.0.0/8 counter drop", Optional.of(7L)));
  }

  @Test
  void aChainThatNoPacketComesTo_dropsNothing_untilSomebodyJumpsThere() throws Exception {
    String lone = DROP.formatted("lone");
    assertThat(NftRules.drops(rules(BASE.formatted("accept"), lone))).isEmpty();
    assertThat(NftRules.drops(rules(BASE.formatted("accept"), lone, JUMP))).hasSize(1);
  }

  @Test
  void aPolicy_dropsToo_andWhatAcceptsDoesNot() throws Exception {
    assertThat(NftRules.drops(rules(BASE.formatted("drop"))))
        .containsExactly(new Drop("inet t c", "policy drop", Optional.empty()));
    assertThat(NftRules.drops(rules(BASE.formatted("accept"), JUMP))).isEmpty();
    assertThat(NftRules.drops("{\"nftables\": []}")).isEmpty();
  }

  @Test
  void iptables_hasPoliciesAndTargets() {
    String saved =
        """
        *filter
        :INPUT ACCEPT [0:0]
        :FORWARD DROP [3:120]
        [5:300] -A FORWARD -s 10.0.0.0/8 -j REJECT --reject-with icmp-port-unreachable
        [9:900] -A FORWARD -j ACCEPT
        COMMIT
        """;
    assertThat(IptablesRules.drops(saved))
        .containsExactly(
            new Drop("iptables FORWARD", "policy DROP", Optional.of(3L)),
            new Drop(
                "iptables FORWARD",
                "-A FORWARD -s 10.0.0.0/8 -j REJECT --reject-with icmp-port-unreachable",
                Optional.of(5L)));
  }

  private static String rules(String... objects) {
    return "{\"nftables\": [" + String.join(",", objects) + "]}";
  }
}
