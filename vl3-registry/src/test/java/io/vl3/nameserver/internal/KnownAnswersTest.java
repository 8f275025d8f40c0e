package io.vl3.nameserver.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.ConnectionId;
import io.vl3.dns.DnsName;
import io.vl3.dns.NameTable;
import io.vl3.measure.Counter;
import io.vl3.measure.Measure;
import io.vl3.measure.Measurements;
import io.vl3.nameserver.internal.KnownAnswers.Answer;
import io.vl3.net.IpAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownAnswersTest {

  private final NameTable names = new NameTable();
  private final KnownAnswers known = new KnownAnswers(names);

  @Test
  void find_sameQuestion_answersUnderItsOwnId() {
    known.keep(bytes(1, 2, 'q'), 3, answer(9, 9, 'a'));

    assertThat(found(3, 4, 'q')).containsExactly(3, 4, 'a');
    assertThat(found(5, 6, 'q')).containsExactly(5, 6, 'a');
    assertThat(known.find(bytes(1, 2, 'q', 'x'), 3)).isPresent();
    assertThat(known.find(bytes(1, 2, 'q', 'x'), 4)).isEmpty();
    assertThat(known.find(bytes(1, 2, 'p'), 3)).isEmpty();
    assertThat(known.find(bytes(1, 2), 2)).isEmpty();
    assertThat(known.find(bytes(1), 1)).isEmpty();
  }

  @Test
  void find_afterTheTableChanged_isEmpty() {
    for (Runnable change :
        List.<Runnable>of(() -> put("10.0.0.1"), () -> put("10.0.0.2"), this::remove)) {
      known.find(bytes(1, 2, 'q'), 3);
      known.keep(bytes(1, 2, 'q'), 3, answer(1, 2, 'a'));
      assertThat(known.find(bytes(1, 2, 'q'), 3)).isPresent();
      change.run();
      assertThat(known.find(bytes(1, 2, 'q'), 3)).isEmpty();
      assertThat(known.size()).isZero();
    }
  }

  @Test
  void find_afterTheTableChangedWhileTheAnswerWasMade_isEmpty() {
    known.find(bytes(1, 2, 'q'), 3);
    put("10.0.0.1");
    known.keep(bytes(1, 2, 'q'), 3, answer(1, 2, 'a'));

    assertThat(known.find(bytes(1, 2, 'q'), 3)).isEmpty();
  }

  @Test
  void find_afterARefreshThatChangedNothing_isThere() {
    put("10.0.0.1");
    known.find(bytes(1, 2, 'q'), 3);
    known.keep(bytes(1, 2, 'q'), 3, answer(1, 2, 'a'));
    put("10.0.0.1");

    assertThat(known.find(bytes(1, 2, 'q'), 3)).isPresent();
  }

  @Test
  void keep_moreThanThereIsRoomFor_beginsAnew() {
    byte[] wide = new byte[1000];
    for (int i = 0; i < 5_000; i++) {
      known.keep(bytes(0, 0, i >> 8, i), 4, new Answer(wide, counter()));
      assertThat(known.size()).isLessThanOrEqualTo((1 << 20) / 1000);
    }
    assertThat(known.find(bytes(0, 0, 4_999 >> 8, 4_999), 4)).isPresent();
  }

  private byte[] found(int... question) {
    Optional<Answer> answer = known.find(bytes(question), question.length);
    return answer.orElseThrow().wire();
  }

  private void put(String address) {
    names.put(
        new ConnectionId("c"), List.of(DnsName.parse("a.vl3")), List.of(IpAddress.parse(address)));
  }

  private void remove() {
    names.remove(new ConnectionId("c"));
  }

  private static Answer answer(int... bytes) {
    return new Answer(bytes(bytes), counter());
  }

  private static Counter counter() {
    return new Measurements(() -> 0)
        .meter("nse")
        .counter(Measure.NAME_QUESTIONS, "udp", "answered");
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
