package io.vl3.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharedTextsTest {

  private final SharedTexts texts = new SharedTexts(64);

  @Test
  void equalTexts_areOne_alsoAsTheBeginningOfAnother() {
    String first = texts.shared(fresh("nsmgr-1"));
    assertThat(texts.shared(fresh("nsmgr-1"))).isSameAs(first);
    assertThat(texts.shared(fresh("nsmgr-1.signature"), 7)).isSameAs(first);
    assertThat(texts.shared(fresh(""))).isEmpty();
  }

  @Test
  void textsThatDiffer_staySo_howeverMany() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(texts.shared(fresh("text " + i))).isEqualTo("text " + i);
      String longOne = "a".repeat(200) + i;
      assertThat(texts.shared(fresh(longOne) + "rest", longOne.length())).isEqualTo(longOne);
    }
  }

  @Test
  void aLongText_isNotKept() {
    String text = "x".repeat(2_000);
    assertThat(texts.shared(fresh(text))).isEqualTo(text).isNotSameAs(texts.shared(fresh(text)));
  }

  private static String fresh(String text) {
    return String.valueOf(text.toCharArray());
  }
}
