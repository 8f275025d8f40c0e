package io.vl3.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.registry.EndpointRecord;
import io.vl3.registry.PeerLabels;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Exactly one of two endpoints is the later one, whatever registry each has asked. */
class SeniorityTest {

  private static final Map<String, String> OURS = Map.of(PeerLabels.INSTANCE, "run");
  private static final Map<String, String> SEVERAL =
      Map.of(PeerLabels.INSTANCE, "run", PeerLabels.REGISTRIES, PeerLabels.SEVERAL);

  private final Random random = new Random(23);

  @Test
  void ofOneRegistry_theLaterRegisteredIsLater() {
    assertThat(Seniority.isLater(at("a", OURS, 2), at("b", OURS, 1))).isTrue();
    assertThat(Seniority.isLater(at("b", OURS, 1), at("a", OURS, 2))).isFalse();
    assertThat(Seniority.isLater(at("b", OURS, 1), at("a", OURS, 1))).isTrue();
  }

  @Test
  void inSeveralRegistries_bothComeToOneAnswer_whicheverTimesTheySee() {
    for (int i = 0; i < 1000; i++) {
      Map<String, String> labels = random.nextBoolean() ? OURS : SEVERAL;
      boolean one = Seniority.isLater(anyTime("a", SEVERAL), anyTime("b", labels));
      boolean other = Seniority.isLater(anyTime("b", labels), anyTime("a", SEVERAL));
      assertThat(one).as("round %d", i).isNotEqualTo(other);
    }
  }

  @Test
  void anEndpointOfOthers_goesByTheTime() {
    assertThat(Seniority.isLater(at("a", SEVERAL, 2), at("b", Map.of(), 1))).isTrue();
    assertThat(Seniority.isLater(at("a", Map.of(), 2), at("b", SEVERAL, 1))).isTrue();
  }

  private EndpointRecord anyTime(String name, Map<String, String> labels) {
    return at(name, labels, random.nextInt(3));
  }

  private static EndpointRecord at(String name, Map<String, String> labels, int second) {
    return EndpointRecord.of(name, "vl3", labels, "")
        .withTimes(Optional.empty(), Optional.of(Instant.ofEpochSecond(second)));
  }
}
