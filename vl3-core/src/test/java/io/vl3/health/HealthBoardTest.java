package io.vl3.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HealthBoardTest {

  private final FakeTimer timer = new FakeTimer();
  private final HealthBoard board = new HealthBoard(timer);
  private final Reporter nse = board.reporter().of("nse-a");

  @Test
  void aTrouble_keepsItsBeginning_andTakesTheLatestCause() {
    Instant began = timer.instant();
    nse.trouble(HealthCode.PEER_DOWN, "nse-b", "no packets");
    timer.advance(Duration.ofSeconds(5));
    nse.trouble(HealthCode.PEER_DOWN, "nse-b", "refused");
    assertThat(board.items())
        .containsExactly(
            new HealthItem(HealthCode.PEER_DOWN, "nse-a", "nse-b", Optional.of(began), "refused"));
  }

  @Test
  void troubles_areToldApart_byCodeComponentAndSubject() {
    nse.trouble(HealthCode.PEER_DOWN, "nse-b", "b");
    nse.trouble(HealthCode.PEER_DOWN, "nse-c", "c");
    nse.trouble(HealthCode.REGISTRY_AWAY, "nse-b", "r");
    board.reporter().of("nse-z").trouble(HealthCode.PEER_DOWN, "nse-b", "z");
    nse.over(HealthCode.PEER_DOWN, "nse-b", "up");
    assertThat(board.items()).extracting(HealthItem::text).containsExactly("c", "r", "z");
  }

  @Test
  void theEndOfWhatWasNoTrouble_isNoEvent() {
    nse.over(HealthCode.PEER_DOWN, "nse-b", "up");
    assertThat(board.events(0)).isEmpty();
  }

  @Test
  void events_areNumberedWithoutGaps_andReadOnFromANumber() {
    nse.happened(EventKind.REGISTERED, "", "as nse-a");
    nse.trouble(HealthCode.PEER_DOWN, "nse-b", "away");
    nse.over(HealthCode.PEER_DOWN, "nse-b", "there");
    assertThat(board.events(0))
        .extracting(Event::number, Event::kind)
        .containsExactly(
            tuple(1L, EventKind.REGISTERED),
            tuple(2L, EventKind.TROUBLE),
            tuple(3L, EventKind.OVER));
    assertThat(board.events(2)).singleElement().extracting(Event::text).isEqualTo("there");
  }

  @Test
  void theOldestEvents_makeRoom() {
    HealthBoard small = new HealthBoard(timer, 1_000);
    for (int i = 1; i <= 100; i++) {
      small.reporter().happened(EventKind.MOVED, "", "event %d".formatted(i));
    }
    List<Event> kept = small.events(0);
    assertThat(kept).hasSizeBetween(1, 7);
    assertThat(kept.get(kept.size() - 1).number()).isEqualTo(100);
    assertThat(kept.stream().mapToInt(Event::bytes).sum()).isLessThanOrEqualTo(1_000);
  }

  @Test
  void troublesWithoutEnd_andTextsWithoutEnd_areBounded() {
    for (int i = 0; i < HealthBoard.MOST_ITEMS + 10; i++) {
      nse.trouble(HealthCode.PEER_DOWN, "peer " + i, "x".repeat(5_000));
    }
    assertThat(board.items())
        .hasSize(HealthBoard.MOST_ITEMS)
        .allMatch(item -> item.text().length() == HealthBoard.LONGEST_TEXT + 3);
  }

  @Test
  void aComponentThatHasEnded_hasNoTroubles() {
    nse.trouble(HealthCode.PEER_DOWN, "nse-b", "away");
    board.reporter().of("other").trouble(HealthCode.PEER_DOWN, "nse-b", "away");
    nse.ended();
    assertThat(board.items()).extracting(HealthItem::component).containsExactly("other");
  }

  @Test
  void listeners_areCalledForEachEvent_untilTheyLeave() {
    AtomicInteger called = new AtomicInteger();
    HealthBoard.Listening listening = board.listen(called::incrementAndGet);
    nse.happened(EventKind.CLOSED, "w", "closed");
    listening.close();
    nse.happened(EventKind.CLOSED, "w", "closed");
    assertThat(called).hasValue(1);
  }
}
