package io.vl3.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.read.ConfigReader;
import io.vl3.cli.config.read.Overrides;
import io.vl3.ipam.NseState;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An address outlives a restart for as long as a workload may take to ask again. */
class BindingGraceTest {

  private static final String CONFIG =
      """
      endpoints:
      - name: vl3
        vl3: {ipam: {defaultPrefixPool: 10.60.0.0/16, prefixLength: 24}}
      """;

  @Test
  void grace_isATokensLifetime_asConfigured() throws Exception {
    assertThat(keeping(CONFIG, Map.of()).grace()).isEqualTo(Duration.ofMinutes(10));
    assertThat(keeping(CONFIG + "nsm: {tokenLifetime: 1h30m}\n", Map.of()).grace())
        .isEqualTo(Duration.ofMinutes(90));
    assertThat(keeping(CONFIG, Map.of("NSM_MAX_TOKEN_LIFETIME", "24h")).grace())
        .isEqualTo(Duration.ofHours(24));
  }

  private static NseState.Settings keeping(String text, Map<String, String> variables)
      throws Exception {
    Vl3Config config = ConfigReader.read("vl3.yaml", text, variables, Overrides.NONE);
    return RunningNse.keeping(config.endpoints().get(0), config.nsm());
  }
}
