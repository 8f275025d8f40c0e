package io.vl3.cli.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.ProcessStatus;
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
    Standing settled = Rolling.settled(standing("registering"), looks::next, LONG);
    assertThat(settled.trouble()).isEmpty();
    assertThat(looks.hasNext()).isFalse();
  }

  @Test
  void aTroubleThatStays_isNamed() throws Exception {
    Rolling.Look look = () -> standing("degraded");
    Standing settled = Rolling.settled(standing("registering"), look, Duration.ofMillis(1));
    assertThat(settled.trouble()).contains("nse-1: is degraded");
  }

  @Test
  void whoIsWell_isNotLookedAtAgain() throws Exception {
    Standing well = standing("up");
    Rolling.Look none =
        () -> {
          throw new AssertionError("looked again");
        };
    assertThat(Rolling.settled(well, none, LONG)).isSameAs(well);
  }

  private static Standing standing(String state) {
    Nse nse = Nse.newBuilder().setName("nse-1").setState(state).build();
    return Standing.of(List.of(ProcessStatus.newBuilder().addNses(nse).build()));
  }
}
