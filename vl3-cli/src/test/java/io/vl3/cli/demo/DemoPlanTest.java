package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.cli.demo.DemoPlan.Nse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DemoPlanTest {

  private static final DemoPlan PLAN = DemoPlan.of(new DemoSize(3, 3, 12), Path.of("/run/x"));

  @Test
  void countsArePerDomain() {
    assertThat(PLAN.domains()).hasSize(3);
    assertThat(PLAN.nses()).hasSize(9);
    assertThat(PLAN.workloads()).hasSize(36);
    assertThat(new DemoSize(3, 3, 12).pairs()).isEqualTo(1260);
  }

  @Test
  void everyNameAndPrefixIsUnique() {
    assertThat(PLAN.namespaces()).doesNotHaveDuplicates().hasSize(1 + 3 + 36);
    assertThat(PLAN.nses().map(Nse::prefix)).doesNotHaveDuplicates();
    assertThat(PLAN.nses().map(Nse::netns)).doesNotHaveDuplicates();
  }

  @Test
  void config_ofAnNse_namesTheOtherDomainsOnly() {
    DemoPlan.Domain second = PLAN.domains().get(1);
    assertThat(DemoConfig.of(PLAN, second, second.nses().get(0)))
        .contains("prefix: 10.60.4.0/24")
        .contains("listenOn: \"tcp://172.31.0.2:5001\", tunnelIp: 172.31.0.2")
        .contains("remoteDomains: [\"172.31.0.1:5001\", \"172.31.0.3:5001\"]");
  }

  @Test
  void size_outOfRange_saysWhatIsAllowed() {
    assertThatThrownBy(() -> new DemoSize(0, 1, 1)).hasMessage("--domains: 0 (expected: 1..16)");
    assertThatThrownBy(() -> new DemoSize(16, 16, 1))
        .hasMessage("--domains x --nses: 256 (expected: at most 250 in all)");
  }
}
