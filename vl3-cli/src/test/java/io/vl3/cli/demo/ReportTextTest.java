package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.pairs.Pair;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTextTest {

  private static final DemoSize SIZE = new DemoSize(2, 1, 1);

  private static String text(Pair... pairs) {
    DemoReport report = DemoReport.of(SIZE, 3.21, List.of(pairs));
    return ReportText.of(DemoPlan.of(SIZE, Path.of("/run/x")), report);
  }

  @Test
  void everybodyAnswers() {
    assertThat(
            text(
                Pair.answered("d1-w1", "d2-w1", "10.60.2.1", 81_000),
                Pair.answered("d2-w1", "d1-w1", "10.60.1.1", 79_000)))
        .isEqualTo(
            """
            virtual layer 3 'vl3-demo' 10.60.0.0/16: 2 NSEs, every two of them linked (1 link)
             |
             +-- domain d1: node 172.31.0.1
             |    +-- vl3-demo-d1-nse1 10.60.1.0/24
             |    |     o d1-w1 10.60.1.1
             |
             +-- domain d2: node 172.31.0.2
                  +-- vl3-demo-d2-nse1 10.60.2.0/24
                  |     o d2-w1 10.60.2.1

            from \\ to, round trip in ms    d1-w1   d2-w1
            d1-w1    10.60.1.1                 .   0.081
            d2-w1    10.60.2.1             0.079       .

            2 of 2 pairs answer; set up in 3.2 s
            """);
  }

  @Test
  void whoDoesNotAnswerIsNamed() {
    assertThat(
            text(
                Pair.failed("d1-w1", "d2-w1", "10.60.2.1", "No route to host"),
                Pair.answered("d2-w1", "d1-w1", "10.60.1.1", 79_000)))
        .contains("FAIL d1-w1 -> d2-w1 10.60.2.1: No route to host\n")
        .contains("1 of 2 pairs answer");
  }
}
