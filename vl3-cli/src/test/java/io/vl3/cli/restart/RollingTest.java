package io.vl3.cli.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.cli.CliException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a restart waits for before it begins. */
class RollingTest {

  private static final Duration LONG = Duration.ofMinutes(5);

  @Test
  void aTroubleThatPasses_isWaitedFor() throws Exception {
    Iterator<Standing> looks = List.of(standing("registering"), standing("up")).iterator();
    Rolling.awaitWell(standing("registering"), looks::next, LONG);
    assertThat(looks.hasNext()).isFalse();
  }

  @Test
  void aTroubleThatStays_isNamed_andNothingIsRestarted() {
    Rolling.Look look = () -> standing("degraded");
    assertThatThrownBy(() -> Rolling.awaitWell(standing("registering"), look, Duration.ofMillis(1)))
        .isInstanceOf(CliException.class)
        .hasMessage("nse-1: is degraded (expected: up, before anything is restarted)");
  }

  @Test
  void whoIsWell_isNotLookedAtAgain() throws Exception {
    Rolling.Look none =
        () -> {
          throw new AssertionError("looked again");
        };
    Rolling.awaitWell(standing("up"), none, LONG);
  }

  private static Standing standing(String state) {
    Nse nse = Nse.newBuilder().setName("nse-1").setState(state).build();
    return Standing.of(List.of(ProcessStatus.newBuilder().addNses(nse).build()));
  }
}
