package io.vl3.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.verify.PathMtu.Verdict;
import io.vl3.linux.Echo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PathMtuTest {

  private static final Echo ANSWER = new Echo.Answered(Duration.ofMillis(1));

  private final List<Integer> sent = new ArrayList<>();

  @Test
  void whatTheInterfaceTakesPasses_isWhole_withOnePacket() throws Exception {
    assertThat(find(1500, new Echo.Silent())).isEqualTo(new PathMtu(1500, Verdict.WHOLE));
    assertThat(sent).containsExactly(1500);
  }

  @Test
  void everySmallerSize_isFoundToTheByte_inFewPackets() throws Exception {
    for (int passes = 68; passes < 1500; passes++) {
      sent.clear();
      assertThat(find(passes, new Echo.TooBig())).isEqualTo(new PathMtu(passes, Verdict.TOLD));
      assertThat(find(passes, new Echo.Silent()))
          .isEqualTo(new PathMtu(passes, Verdict.BLACK_HOLE));
      assertThat(sent).hasSizeLessThan(110);
    }
  }

  @Test
  void nothingPasses_isABlackHoleOfEverything() throws Exception {
    assertThat(find(0, new Echo.Silent())).isEqualTo(new PathMtu(0, Verdict.BLACK_HOLE));
  }

  @Test
  void routerTellsOfOneLimit_andALowerOneIsSilent_isABlackHole() throws Exception {
    PathMtu found =
        PathMtu.find(
            bytes ->
                done(
                    bytes <= 1300 ? ANSWER : bytes <= 1450 ? new Echo.Silent() : new Echo.TooBig()),
            68,
            1500);
    assertThat(found).isEqualTo(new PathMtu(1300, Verdict.BLACK_HOLE));
  }

  private PathMtu find(int passes, Echo larger) throws IOException {
    return PathMtu.find(
        bytes -> {
          sent.add(bytes);
          return done(bytes <= passes ? ANSWER : larger);
        },
        68,
        1500);
  }

  private static CompletableFuture<Echo> done(Echo echo) {
    return CompletableFuture.completedFuture(echo);
  }
}
