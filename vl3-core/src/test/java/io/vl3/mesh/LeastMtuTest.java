package io.vl3.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.ConnectionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LeastMtuTest {

  private final LeastMtu mtu = new LeastMtu();
  private final TreeSet<String> told = new TreeSet<>();

  @Test
  void aWorkloadIsToldTheLeastOfAll_aPeerTheLeastOfWorkloads() {
    put("w1", false, 1500);
    put("w2", false, 1400);
    put("p1", true, 1300);
    put("p2", true, 0);
    assertThat(mtu.beside(id("w1"), false)).isEqualTo(1300);
    assertThat(mtu.beside(id("w2"), false)).isEqualTo(1300);
    assertThat(mtu.beside(id("p1"), true)).isEqualTo(1400);
    assertThat(mtu.beside(id("new"), true)).isEqualTo(1400);
  }

  @Test
  void whoHasTheLeast_isToldTheSecond_unlessTwoHaveIt() {
    put("w1", false, 1400);
    put("w2", false, 1500);
    assertThat(mtu.beside(id("w1"), false)).isEqualTo(1500);
    put("w3", false, 1400);
    assertThat(mtu.beside(id("w1"), false)).isEqualTo(1400);
  }

  @Test
  void othersAreToldOfAFallAndOfARise_butNotOfMore() {
    put("w1", false, 1500);
    put("w2", false, 0);
    assertThat(told).containsExactly();
    put("w3", false, 1400);
    assertThat(told).containsExactly("w1", "w2");
    put("w1", false, 1500);
    put("w2", false, 0);
    told.clear();
    put("w3", false, 1400);
    put("w4", false, 9000);
    assertThat(told).isEmpty();
    remove("w3");
    assertThat(told).containsExactly("w1", "w2", "w4");
  }

  @Test
  void anEchoBetweenPeers_diesOut() {
    put("p1", true, 1400);
    put("p2", true, 1400);
    assertThat(mtu.beside(id("p1"), true)).isZero();
    put("w", false, 0);
    assertThat(mtu.beside(id("w"), false)).isEqualTo(1400);
  }

  @Test
  void whoIsBelowTheFloor_makesOthersGoToTheFloorAndNoLower() {
    put("w", false, 1500);
    put("p", true, 576);
    assertThat(mtu.beside(id("w"), false)).isEqualTo(1280);
    assertThat(told).containsExactly("w");
    LeastMtu low = new LeastMtu(500);
    low.put(id("p"), true, 576, () -> {}).forEach(Runnable::run);
    assertThat(low.beside(id("w"), false)).isEqualTo(576);
  }

  @Test
  void aFloorThatIsNone_isRefused() {
    assertThatThrownBy(() -> new LeastMtu(67)).hasMessageContaining("67 (expected: 68..65535)");
    assertThatThrownBy(() -> new LeastMtu(65_536)).hasMessageContaining("65536");
  }

  @Test
  void anyOrder_isAsANaiveModelSays() {
    Random random = new Random(7);
    Map<String, int[]> model = new HashMap<>(); // limit, and 1 for a peer
    for (int i = 0; i < 5_000; i++) {
      String name = "l" + random.nextInt(12);
      if (random.nextInt(3) == 0) {
        remove(name);
        model.remove(name);
      } else {
        int limit = List.of(0, 1300, 1400, 1400, 1500).get(random.nextInt(5));
        boolean peer = random.nextBoolean();
        put(name, peer, limit);
        model.put(name, new int[] {limit, peer ? 1 : 0});
      }
      String asked = "l" + random.nextInt(12);
      boolean peer = model.containsKey(asked) ? model.get(asked)[1] == 1 : random.nextBoolean();
      int expected =
          model.entrySet().stream()
              .filter(entry -> !entry.getKey().equals(asked))
              .filter(entry -> !(peer && entry.getValue()[1] == 1))
              .mapToInt(entry -> entry.getValue()[0])
              .filter(limit -> limit > 0)
              .min()
              .orElse(0);
      assertThat(mtu.beside(id(asked), peer)).isEqualTo(expected);
      assertThat(mtu.size()).isEqualTo(model.size());
    }
  }

  private void put(String name, boolean peer, int limit) {
    mtu.put(id(name), peer, limit, () -> told.add(name)).forEach(Runnable::run);
  }

  private void remove(String name) {
    mtu.remove(id(name)).forEach(Runnable::run);
  }

  private static ConnectionId id(String name) {
    return new ConnectionId(name);
  }
}
