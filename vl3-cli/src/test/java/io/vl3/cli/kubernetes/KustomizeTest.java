package io.vl3.cli.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.Golden;
import io.vl3.nsm.interop.RequiresGo;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bases are what the chart renders, so nothing is said twice; Kustomize builds each. */
@RequiresGo
class KustomizeTest {

  private static final String HEAD =
      """
      # Written by KustomizeTest with -Dvl3.golden=write: the chart vl3 with values/%s.yaml.
      # Change those; and patch this, in an overlay of your own.
      """;

  static List<Path> bases() {
    return Chart.bases();
  }

  @ParameterizedTest
  @MethodSource("bases")
  void everyBase_isWhatTheChartRenders_andKustomizeBuildsIt(Path base) {
    String name = base.getFileName().toString();
    String rendered = Chart.render(Chart.KUBERNETES.resolve("values/" + name + ".yaml"));
    Golden.check(base.resolve("objects.yaml"), HEAD.formatted(name) + rendered);
    assertThat(Objects.byName(Chart.kustomize(base)))
        .isNotEmpty()
        .isEqualTo(Objects.byName(rendered));
  }

  @Test
  void overlay_changesImageNamespaceAndReplicas() {
    String built = Chart.kustomize(Chart.KUBERNETES.resolve("overlay"));
    assertThat(Objects.read(built))
        .allMatch(object -> object.at("/metadata/namespace").asText().equals("vl3"));
    var nse = Objects.byName(built).get("StatefulSet/vl3-nse-vl3-service");
    assertThat(nse.at("/spec/replicas").asInt()).isEqualTo(3);
    assertThat(nse.at("/spec/template/spec/containers/0/image").asText())
        .isEqualTo("registry.example.com/team/vl3:0.1.0");
  }
}
