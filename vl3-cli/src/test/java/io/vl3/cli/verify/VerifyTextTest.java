package io.vl3.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.Golden;
import io.vl3.cli.pairs.Pair;
import io.vl3.cli.verify.Ways.Skipped;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VerifyTextTest {

  private static final Path GOLDEN = Path.of("src/test/resources/io/vl3/cli/verify");

  private final Verified well =
      new Verified(
          List.of(
              Pair.answered("red", "blue", "10.60.2.1", 81_000),
              Pair.answered("red", "blue", "fd60:0:0:2::1", 91_000),
              Pair.answered("blue", "red", "10.60.1.1", 79_000),
              Pair.answered("blue", "red", "fd60:0:0:1::1", 89_000)),
          List.of(Pair.answered("red", "nse-1", "10.60.1.2", 30_000)),
          List.of(
              new MtuCheck("red", "blue", "10.60.2.1", 1500, 1450, true, ""),
              new MtuCheck("blue", "red", "10.60.1.1", 1500, 1500, true, "")),
          List.of(new NameCheck("red", "blue.vl3", "10.60.1.2", List.of("10.60.2.1"), true, "")),
          List.of(new Rate("red", "blue", "10.60.2.1", 9412.5, true, "")),
          List.of());

  private final Verified ill =
      new Verified(
          List.of(
              Pair.failed("red", "blue", "10.60.2.1", "no answer within 2000 ms"),
              Pair.answered("blue", "red", "10.60.1.1", 79_000),
              Pair.failed("red", "a-workload-with-a-very-long-name", "", "it has no address")),
          List.of(),
          List.of(
              new MtuCheck(
                  "blue",
                  "red",
                  "10.60.1.1",
                  1500,
                  1304,
                  false,
                  "packets of more than 1304 bytes are lost, and nobody tells the sender")),
          List.of(
              new NameCheck(
                  "red", "blue.vl3", "10.60.1.2", List.of(), false, "10.60.1.2 says NXDOMAIN")),
          List.of(),
          List.of(new Skipped("nse-7", "it has no namespace that can be entered from here")));

  @Test
  void wellAndIll_asTables() {
    Golden.check(GOLDEN.resolve("well.txt"), VerifyText.table(well));
    Golden.check(GOLDEN.resolve("ill.txt"), VerifyText.table(ill));
    assertThat(VerifyText.table(ill).lines()).allMatch(line -> line.length() <= 100);
  }

  /** A workload has several addresses of a family. */
  @Test
  void ofSeveralWays_theOneThatFailsIsInTheMatrix() {
    Pair fails = Pair.failed("red", "blue", "10.60.2.1", "no answer");
    Pair answers = Pair.answered("red", "blue", "10.60.2.5", 81_000);
    for (List<Pair> order : List.of(List.of(fails, answers), List.of(answers, fails))) {
      assertThat(VerifyText.table(of(order)).lines().filter(line -> line.startsWith("1 red")))
          .singleElement()
          .asString()
          .contains("FAIL");
    }
  }

  @Test
  void ofManyFailures_theFirstTwentyAreListed_andTheRestCounted() {
    List<Pair> all =
        IntStream.range(0, 25)
            .mapToObj(number -> Pair.failed("red", "w-" + number, "10.60.2." + number, "lost"))
            .toList();
    String table = VerifyText.table(of(all));
    assertThat(table).contains("and 5 failures more: --output json has all\n").contains("w-19 ");
    assertThat(table.lines().filter(line -> line.startsWith("FAIL "))).hasSize(20);
  }

  private static Verified of(List<Pair> pairs) {
    return new Verified(pairs, List.of(), List.of(), List.of(), List.of(), List.of());
  }

  @Test
  void asRecords() {
    Golden.check(GOLDEN.resolve("well.json"), VerifyText.json(well, Map.of("/run/a.sock", "gone")));
  }

  @Test
  void oneFailureOfAnyKind_isNotWell() {
    assertThat(well.isWell()).isTrue();
    assertThat(ill.isWell()).isFalse();
    assertThat(
            new Verified(well.pairs(), well.links(), ill.mtus(), List.of(), List.of(), List.of())
                .isWell())
        .isFalse();
    assertThat(
            new Verified(well.pairs(), well.links(), List.of(), ill.names(), List.of(), List.of())
                .isWell())
        .isFalse();
  }
}
