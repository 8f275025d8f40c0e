package io.vl3.vpp.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The transcripts on a real agent: {@code -Dvl3.vppagent=HOST:PORT}, with {@code
 * -Dvl3.vppagent.levers=PROGRAM} also those that fail, restart or wipe VPP. With {@code
 * -Dvl3.golden=write} they are taken anew. It leaves alone what it did not make, unless it may
 * wipe.
 */
@EnabledIfSystemProperty(
    named = "vl3.vppagent",
    matches = ".+",
    disabledReason = "no agent given: -Dvl3.vppagent=HOST:PORT")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GivenAgentTest {

  static final List<Scenario> ALL = Scenario.ALL;
  static final List<LinkScenario> LINKS = LinkScenario.ALL;

  private Agent agent;

  @BeforeAll
  void connect() {
    agent =
        new GivenAgent(
            System.getProperty("vl3.vppagent"), System.getProperty("vl3.vppagent.levers"));
  }

  @AfterAll
  void leave() {
    agent.close();
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void writesTheTranscript(Scenario scenario) throws IOException {
    check(scenario.needs(), () -> scenario.play(agent), scenario.file());
  }

  @ParameterizedTest
  @FieldSource("LINKS")
  void dataPlane_writesTheTranscript(LinkScenario scenario) throws IOException {
    check(scenario.needs(), () -> scenario.play(agent), scenario.file());
  }

  private void check(Set<Agent.Lever> needs, Supplier<String> play, Path file) throws IOException {
    assumeTrue(agent.levers().containsAll(needs), "levers");
    String played = play.get();
    if ("write".equals(System.getProperty("vl3.golden"))) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, played);
    }
    assertThat(played).isEqualTo(Files.readString(file));
  }
}
