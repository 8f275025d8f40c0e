package io.vl3.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionValuesTest {

  private static final List<Key<Integer>> KEYS =
      List.of(Key.named("a"), Key.named("b"), Key.lasting("c"), Key.named("d"), Key.lasting("e"));

  @Test
  void isLikeAMap_whateverIsPutAndRemoved() {
    Random random = new Random(11);
    SessionValues values = SessionValues.NONE;
    Map<Key<Integer>, Integer> model = new HashMap<>();
    for (int i = 0; i < 2_000; i++) {
      Key<Integer> key = KEYS.get(random.nextInt(KEYS.size()));
      if (random.nextInt(3) == 0) {
        values = values.without(key);
        model.remove(key);
      } else {
        values = values.with(key, i);
        model.put(key, i);
      }
      assertIs(values, model);
    }
  }

  @Test
  void lasting_areThoseOfLastingKeys() {
    SessionValues values = SessionValues.NONE;
    for (int i = 0; i < KEYS.size(); i++) {
      values = values.with(KEYS.get(i), i);
    }
    assertIs(values.lasting(), Map.of(KEYS.get(2), 2, KEYS.get(4), 4));
    assertThat(values.get(KEYS.get(0))).contains(0);
    assertIs(SessionValues.NONE.lasting(), Map.of());
  }

  @Test
  void theSameValueAgain_isNoChange() {
    SessionValues values = SessionValues.NONE.with(KEYS.get(0), 7);
    assertThat(values.with(KEYS.get(0), 7)).isSameAs(values);
    assertThat(values.without(KEYS.get(1))).isSameAs(values);
  }

  private static void assertIs(SessionValues values, Map<Key<Integer>, Integer> model) {
    KEYS.forEach(key -> assertThat(values.get(key)).isEqualTo(Optional.ofNullable(model.get(key))));
    List<Object> all = new ArrayList<>();
    values.forEach(all::add);
    assertThat(all).containsExactlyInAnyOrderElementsOf(model.values());
  }
}
