package io.vl3.vpp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The fake agent writes the real one's transcripts. */
final class FakeAgentBehaviourTest {

  static final List<Scenario> ALL = Scenario.ALL;

  static final List<LinkScenario> LINKS = LinkScenario.ALL;

  @ParameterizedTest
  @FieldSource("ALL")
  void writesTheTranscriptOfTheRealOne(Scenario scenario) throws IOException {
    try (Agent agent = new FakeUnderTest()) {
      assertThat(scenario.play(agent)).isEqualTo(scenario.expected());
    }
  }

  @ParameterizedTest
  @FieldSource("LINKS")
  void dataPlane_overTheFake_writesTheTranscriptOverTheRealOne(LinkScenario scenario)
      throws IOException {
    try (Agent agent = new FakeUnderTest()) {
      assertThat(scenario.play(agent)).isEqualTo(scenario.expected());
    }
  }
}
