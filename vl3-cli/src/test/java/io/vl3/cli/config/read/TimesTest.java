package io.vl3.cli.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.config.NseSettings;
import io.vl3.cli.config.Vl3Config;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The times of a configuration go together, or it is a mistake, or is said. */
class TimesTest {

  @Test
  void requestsThatOutlastATokensThird_areRefused_forNsmsServersWouldCloseBeforeTheRefresh() {
    assertThat(mistakes("{tokenLifetime: 30s, requestTimeout: 11s}"))
        .containsExactly(
            "vl3.yaml:6:43: nsm.requestTimeout: 11s (expected: at most 10s, a third of"
                + " nsm.tokenLifetime 30s: NSM's servers end a connection and a registration"
                + " earlier by what their call had left)");
    assertThat(mistakes("{tokenLifetime: 30s, requestTimeout: 10s}")).isEmpty();
    assertThat(
            Configs.mistakes(
                nsm("{tokenLifetime: 15m}"),
                Map.of("NSM_MAX_TOKEN_LIFETIME", "10s", "NSM_REQUEST_TIMEOUT", "15s"),
                Overrides.NONE))
        .singleElement()
        .asString()
        .startsWith("NSM_REQUEST_TIMEOUT: 15s (expected: at most 3s333ms, a third of");
  }

  @Test
  void whatNobodySaid_followsWhatSomebodySaid() {
    NseSettings brief = read("{tokenLifetime: 12s}").nsm().nse();
    assertThat(brief.requestTimeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(read("{requestTimeout: 2s}").nsm().nse().dialTimeout())
        .isEqualTo(Duration.ofSeconds(2));
    NseSettings usual = read("{}").nsm().nse();
    assertThat(usual.requestTimeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(usual.dialTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(read("{tokenLifetime: 1h}").dataplane().vpp().leftoverGrace())
        .isEqualTo(Duration.ofHours(1));
    assertThat(read("{}").dataplane().vpp().leftoverGrace()).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void timesThatGoTogetherBadly_areSaid_andTaken() {
    assertThat(read("{dialTimeout: 20s}").notices())
        .containsExactly(
            "nsm.dialTimeout: 20s: longer than nsm.requestTimeout 15s, after which whoever waits"
                + " for the connection has given up");
    assertThat(read("{livenessInterval: 1s, livenessTimeout: 2s}").notices())
        .containsExactly(
            "nsm.livenessTimeout: 2s: longer than nsm.livenessInterval 1s: a link that does not"
                + " answer is probed as seldom as that");
    assertThat(read("{livenessInterval: 1s, livenessTimeout: 2s, livenessCheck: false}").notices())
        .isEmpty();
    assertThat(read("{idleTimeout: 1s}").notices())
        .containsExactly(
            "nsm.idleTimeout: 1s: shorter than nsm.requestTimeout 15s: the process may end while"
                + " its first request is on the way");
    assertThat(Configs.read(nsm("{}") + "dataplane: {leftovers: {graceSeconds: 9}}\n").notices())
        .containsExactly(
            "dataplane.leftovers.graceSeconds: 9: shorter than nsm.tokenLifetime 10m, within which"
                + " a workload asks again: its link may be removed before");
  }

  private static java.util.List<String> mistakes(String section) {
    return Configs.mistakes(nsm(section));
  }

  private static Vl3Config read(String section) {
    return Configs.read(nsm(section));
  }

  private static String nsm(String section) {
    return Configs.MINIMAL + "nsm: " + section + "\n";
  }
}
