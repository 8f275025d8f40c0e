package io.vl3.cli.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.config.DataPlaneConfig;
import io.vl3.cli.config.LegacyNsmConfig;
import io.vl3.cli.config.NsmChoice;
import io.vl3.cli.config.TlsConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.nsm.legacy.Workspace;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which NSM 0.2 a configuration means. */
class LegacyNsmReaderTest {

  private static final Map<String, String> POD =
      Map.of(
          "NSM_SERVER_SOCKET", "/var/lib/networkservicemesh/nsm.server.io.sock",
          "NSM_CLIENT_SOCKET", "/var/lib/networkservicemesh/nsm.client.io.sock",
          "WORKSPACE", "/var/lib/networkservicemesh/",
          "NSREGISTRY_ADDR", "nsmgr.nsm-system",
          "NSREGISTRY_PORT", "5000",
          "INSECURE", "true");

  @Test
  void theOriginalsPod_isOneOfNsm02_withItsAgent() {
    Vl3Config config = Configs.read(Configs.MINIMAL, POD);

    assertThat(config.nsm().choice().api()).isEqualTo(NsmChoice.Api.V0_2);
    assertThat(config.nsm().legacy())
        .contains(
            new LegacyNsmConfig(
                Optional.empty(),
                Workspace.in(Path.of("/var/lib/networkservicemesh")),
                Optional.of("tcp://nsmgr.nsm-system:5000")));
    assertThat(config.dataplane().type()).isEqualTo(DataPlaneConfig.Type.VPP_AGENT);
    assertThat(config.dataplane().vpp().address()).isEqualTo("localhost:9113");
    assertThat(config.nsm().tls()).isEqualTo(new TlsConfig.None());
    assertThat(config.notices()).isEmpty();
  }

  @Test
  void withoutInsecure_thereIsTls_asThereWas() {
    Vl3Config config = Configs.read(Configs.MINIMAL, Map.of("WORKSPACE", "/run/ws"));

    assertThat(config.nsm().tls())
        .isEqualTo(new TlsConfig.Spiffe("unix:///run/spire/sockets/agent.sock"));
    assertThat(config.nsm().legacy().orElseThrow().workspace())
        .isEqualTo(Workspace.in(Path.of("/run/ws")));
    assertThat(config.nsm().legacy().orElseThrow().registry()).isEmpty();
  }

  @Test
  void aFileMayNameAManager_whichIsAskedForWorkspaces() {
    String file =
        Configs.MINIMAL
            + """
            nsm:
              api: "0.2"
              insecure: true
              v02: {manager: "unix:///var/lib/networkservicemesh/nsm.io.sock"}
            dataplane: {type: kernel}
            """;
    LegacyNsmConfig legacy = Configs.read(file, Map.of()).nsm().legacy().orElseThrow();

    assertThat(legacy.manager()).contains("unix:///var/lib/networkservicemesh/nsm.io.sock");
    assertThat(legacy)
        .hasToString(
            "workspaces of unix:///var/lib/networkservicemesh/nsm.io.sock, registry through the"
                + " manager");
  }

  @Test
  void beside_anotherNsm_itIsOneMore() {
    String file =
        Configs.MINIMAL
            + """
            nsm:
              api: v1
              connectTo: unix:///var/lib/networkservicemesh/nsm.v1.sock
              insecure: true
              v02: {workspace: /run/ws, registry: "registry.example:5000"}
            """;
    Vl3Config config = Configs.read(file, Map.of());

    assertThat(config.nsm().choice().api()).isEqualTo(NsmChoice.Api.V1);
    assertThat(config.nsm().legacy().orElseThrow().registry())
        .contains("tcp://registry.example:5000");
    assertThat(config.dataplane().type()).isEqualTo(DataPlaneConfig.Type.KERNEL);
  }

  @Test
  void mistakesAreNamed() {
    String file =
        Configs.MINIMAL
            + """
            nsm:
              v02: {workspace: /run/ws, registry: "registry.example:5000"}
            dataplane: {type: vpp-agent}
            """;

    assertThat(Configs.mistakes(file, Map.of(), Overrides.NONE))
        .satisfiesExactlyInAnyOrder(
            registry -> assertThat(registry).contains("nsm.v02.registry").contains("insecure"),
            type -> assertThat(type).contains("dataplane.type").contains("kernel, as nsm.v02"));
  }

  @Test
  void whatBelongsToNsm02_isSaidToHaveNoEffectElsewhere() {
    assertThat(Configs.read(Configs.MINIMAL, Map.of("NSREGISTRY_PORT", "5000")).notices())
        .containsExactly("NSREGISTRY_PORT: without effect: no NSM 0.2 is used");
  }
}
