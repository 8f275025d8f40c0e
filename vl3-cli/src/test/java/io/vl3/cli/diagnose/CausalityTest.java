package io.vl3.cli.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vl3.cli.admin.Paint;
import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Causality;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.KernelFiles;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.health.Severity;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of several findings is the cause. */
class CausalityTest {

  private static final Finding PEER_DOWN =
      Finding.error(Fault.PEER_DOWN, Set.of("a", "b"), "b of a", "no packets pass.");
  private static final Finding RULE =
      Finding.warning(Fault.FIREWALL_DROPS, Set.of("a"), "a, chain ip f c", "1 in a: `drop`.");

  @TempDir private Path directory;

  @Test
  void whatExplainsAnother_isTheCause_andAsGraveAsThat() throws Exception {
    Diagnosis diagnosis = diagnosis("", List.of(PEER_DOWN), List.of(RULE));
    assertThat(diagnosis.causes()).hasSize(1);
    assertThat(diagnosis.causes().get(0).finding()).isEqualTo(RULE);
    assertThat(diagnosis.causes().get(0).effects()).containsExactly(PEER_DOWN);
    assertThat(diagnosis.causes().get(0).severity()).isEqualTo(Severity.ERROR);
    assertThat(DiagnosisText.of(diagnosis, Paint.PLAIN))
        .startsWith("firewall drops: a, chain ip f c\n  error\n")
        .contains("It explains:\n    peer down: b of a\n");
  }

  @Test
  void whatConcernsAnotherNse_explainsNothing_andErrorsComeFirst() throws Exception {
    Finding elsewhere = Finding.warning(Fault.FIREWALL_DROPS, Set.of("c"), "c", "1 in c.");
    Diagnosis diagnosis = diagnosis("", List.of(elsewhere), List.of(PEER_DOWN));
    assertThat(diagnosis.causes())
        .extracting(Diagnosis.Cause::finding)
        .containsExactly(PEER_DOWN, elsewhere);
  }

  @Test
  void ofTwoErrors_theMoreBasicIsFirst() throws Exception {
    Finding full = Finding.error(Fault.DISK_FULL, Set.of("a"), "/run", "0 KiB free.");
    Finding overlap = Finding.error(Fault.PREFIX_OVERLAP, Set.of("a", "b"), "a and b", "both.");
    assertThat(diagnosis("", List.of(overlap), List.of(full)).causes())
        .extracting(cause -> cause.finding().fault())
        .containsExactly(Fault.DISK_FULL, Fault.PREFIX_OVERLAP);
  }

  @Test
  void oneNse_isShownWhatConcernsIt() throws Exception {
    assertThat(diagnosis("b", List.of(PEER_DOWN), List.of(RULE)).causes())
        .extracting(Diagnosis.Cause::finding)
        .containsExactly(PEER_DOWN);
  }

  @Test
  void aCheckThatFails_isSkipped_andTheOthersGoOn() throws Exception {
    Check<Scene> failing =
        check(
            "failing",
            () -> {
              throw new IllegalStateException("no such thing");
            });
    Diagnosis diagnosis =
        Diagnosis.of(
            scene(),
            List.of(failing, check("other", () -> Answer.of("1 looked at", List.of(RULE)))),
            "",
            Runnable::run);
    assertThat(diagnosis.causes()).hasSize(1);
    assertThat(DiagnosisText.of(diagnosis, Paint.PLAIN))
        .contains("failing  skipped  could not look: ")
        .contains("no such thing")
        .contains("other    warning  firewall drops: ");
  }

  @Test
  void theRecord_isVersioned_andHasCausesWithEffects() throws Exception {
    JsonNode root =
        new ObjectMapper()
            .readTree(DiagnosisJson.of(diagnosis("", List.of(PEER_DOWN), List.of(RULE))));
    assertThat(root.path("version").asInt()).isEqualTo(1);
    JsonNode cause = root.path("causes").path(0);
    assertThat(cause.path("code").asText()).isEqualTo("firewall-drops");
    assertThat(cause.path("severity").asText()).isEqualTo("error");
    assertThat(cause.path("effects").path(0).path("code").asText()).isEqualTo("peer-down");
    assertThat(root.path("checks")).hasSize(2);
  }

  @Test
  void aFullPool_explainsAWorkloadWithoutAddress_andNoPeerThatIsDown() {
    assertThat(Causality.explains(Fault.POOL_FULL, Fault.NOT_ATTACHED)).isTrue();
    assertThat(Causality.explains(Fault.POOL_FULL, Fault.PEER_DOWN)).isFalse();
  }

  /** Else neither of the two would be told. */
  @Test
  void noTwoFaults_explainEachOther() {
    for (Fault one : Fault.values()) {
      for (Fault other : Fault.values()) {
        assertThat(Causality.explains(one, other) && Causality.explains(other, one))
            .as("%s and %s", one, other)
            .isFalse();
      }
    }
  }

  /** What is told first must not be the effect of what is told later. */
  @Test
  void causesStandBeforeTheirEffects() {
    for (Fault cause : Fault.values()) {
      for (Fault effect : Fault.values()) {
        if (Causality.explains(cause, effect) && cause.compareTo(Fault.NO_PREFIX) < 0) {
          assertThat(effect).isGreaterThan(cause);
        }
      }
    }
  }

  private Diagnosis diagnosis(String nse, List<Finding> some, List<Finding> others)
      throws Exception {
    return Diagnosis.of(
        scene(),
        List.of(
            check("some", () -> Answer.of("", some)), check("others", () -> Answer.of("", others))),
        nse,
        Runnable::run);
  }

  private Scene scene() throws Exception {
    return Scene.open(
        directory, Optional.empty(), new KernelFiles(directory), InstantSource.system());
  }

  private interface Looking {
    Answer look();
  }

  private static Check<Scene> check(String name, Looking looking) {
    return new Check<>() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public String tries() {
        return "Try it.";
      }

      @Override
      public Answer look(Scene scene) {
        return looking.look();
      }
    };
  }
}
