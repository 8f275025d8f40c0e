package io.vl3.cli.command.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.assembly.Termination;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.linux.Netns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PatienceTest {

  private static final Netns RED = new Netns(Path.of("/run/netns/red"));
  private static final Netns BLUE = new Netns(Path.of("/run/netns/blue"));

  private final Patience brief = new Patience(Optional.of(Duration.ofMillis(1)));

  @Test
  void whoIsNotAttachedInTime_endsTheCommand_withTheLastReasonAndItsExitCode() throws Exception {
    try (Termination termination = Termination.listen()) {
      brief.attached(RED);
      brief.failed(BLUE, new EndpointException(Reason.UNAVAILABLE, "manager: away"));
      brief.failed(BLUE, new EndpointException(Reason.NOT_FOUND, "service: x (expected: one)"));
      assertThat(late(Set.of(RED, BLUE), termination))
          .satisfies(late -> assertThat(late.exitCode()).isEqualTo(ExitCode.NOT_FOUND))
          .hasMessage("blue: not attached within 1ms: service: x (expected: one)");
    }
  }

  @Test
  void withoutAnyAnswer_itIsUnreachable() throws Exception {
    try (Termination termination = Termination.listen()) {
      assertThat(late(Set.of(RED), termination).exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    }
  }

  @Test
  void whenAllAreAttached_orTheProcessShallEnd_orNobodyWaits_nothingHappens() throws Exception {
    try (Termination termination = Termination.listen()) {
      brief.attached(RED);
      brief.await(Set.of(RED), termination);
      new Patience(Optional.empty()).await(Set.of(BLUE), termination);
      termination.ask();
      new Patience(Optional.of(Duration.ofHours(1))).await(Set.of(BLUE), termination);
    }
  }

  private CliException late(Set<Netns> wanted, Termination termination) {
    return catchThrowableOfType(CliException.class, () -> brief.await(wanted, termination));
  }
}
