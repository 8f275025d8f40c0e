package io.vl3.cli.diagnose.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.vl3.api.admin.v1.Nse;
import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Scenes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeighbourCheckTest {

  @TempDir private Path root;

  @Test
  void aTableThatIsFull_isAnError_whichNamesTheSetting() throws Exception {
    Answer answer = look(table(7), table(0), table(19), table(0));
    assertThat(answer.findings())
        .extracting(Finding::fault, Finding::title, Finding::found)
        .containsExactly(
            tuple(
                Fault.NEIGHBOURS_FULL,
                "neighbour table full: arp_cache",
                "12 had no room within 0 ms, 19 since the machine started"
                    + " (net.ipv4.neigh.default.gc_thresh3: 1024)."));
  }

  @Test
  void oneThatWasFullOnce_isNone() throws Exception {
    assertThat(look(table(7), table(3), table(7), table(3)).findings()).isEmpty();
  }

  @Test
  void oneThatNeverWas_isReadOnce() throws Exception {
    assertThat(look(table(0), table(0)).findings()).isEmpty();
  }

  @Test
  void aKernelWithoutIpv6_hasOneTable() throws Exception {
    assertThat(look(table(7), "[]", table(8), "").findings()).hasSize(1);
  }

  @Test
  void noTable_isNoAnswer() {
    assertThatThrownBy(() -> look("", "[]")).hasMessage("ip ntable: counts no neighbours");
  }

  /** What the real program says, of this machine. */
  @Test
  void ip_isUnderstood() throws Exception {
    Answer answer = new NeighbourCheck().look(Scenes.of(Nse.getDefaultInstance(), root, Map.of()));
    assertThat(answer.cameOut()).isEqualTo("arp_cache, ndisc_cache");
  }

  private Answer look(String... shown) throws Exception {
    Deque<String> next = new ArrayDeque<>(List.of(shown));
    Answer answer =
        new NeighbourCheck(table -> next.remove(), Duration.ZERO)
            .look(Scenes.of(Nse.getDefaultInstance(), root, Map.of()));
    assertThat(next).isEmpty();
    return answer;
  }

  private static String table(long fulls) {
    return """
        [{"family":"inet","name":"a","thresh1":128,"thresh2":512,"thresh3":1024,"entries":1,
        "table_fulls":%d},{"family":"inet","name":"a","dev":"lo","refcnt":1}]
        """
        .formatted(fulls);
  }
}
