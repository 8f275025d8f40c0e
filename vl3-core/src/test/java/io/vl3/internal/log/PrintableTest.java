package io.vl3.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void whatCanBeSeen_staysAsItIs() {
    String text = "nse-1: 10.0.0.0/24 (größer) \\n 网络 \uD83D\uDE80";
    assertThat(Printable.of(text)).isSameAs(text);
  }

  @Test
  void aLineThatWouldBeForged_staysInItsLine() {
    assertThat(Printable.of("id\n12:00:00 ERROR forged\r\u001b[2J\u0007\t."))
        .isEqualTo("id\\n12:00:00 ERROR forged\\r\\u001b[2J\\u0007\\t.");
  }

  @Test
  void eightBitControls_otherLineEnds_andTurnedWriting_areWrittenOut() {
    assertThat(Printable.of("a\u009bb\u2028c\u2029d\u202ee\u200bf\ufeffg\u007fh"))
        .isEqualTo("a\\u009bb\\u2028c\\u2029d\\u202ee\\u200bf\\ufeffg\\u007fh");
    assertThat(Printable.of("\uD83D alone")).isEqualTo("\\ud83d alone");
    assertThat(Printable.of(Character.toString(0xe0001))).isEqualTo("\\u{e0001}");
  }

  @Test
  void linesOfOurs_stayLines() {
    assertThat(Printable.lines("one\n\u001btwo")).isEqualTo("one\n\\u001btwo");
  }

  @Test
  void whateverComes_isOneLineWithoutControls_andShownTwiceAsOnce() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      String text =
          random
              .ints(20, 0, 0x3000)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      String shown = Printable.of(text);
      assertThat(shown).doesNotMatch("(?s).*[\\p{Cntrl}\\p{Cf}\\u2028\\u2029].*");
      assertThat(Printable.of(shown)).isEqualTo(shown);
    }
  }
}
