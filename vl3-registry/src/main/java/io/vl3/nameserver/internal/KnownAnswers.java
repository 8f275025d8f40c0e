package io.vl3.nameserver.internal;

import io.vl3.dns.NameTable;
import io.vl3.measure.Counter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Answers from the table as they were sent, by the question's bytes but its id: resolvers ask the
 * same again and again, and reading a message and writing one costs far more than sending it. They
 * stand until the table changes. For one thread.
 */
final class KnownAnswers {

  /** Where a message's id ends (RFC 1035, section 4.1.1). */
  private static final int ID_BYTES = 2;

  /** What is kept of questions and answers together; then it begins anew. */
  private static final int MOST_BYTES = 1 << 20;

  private final NameTable names;
  private final Map<ByteBuffer, Answer> answers = new HashMap<>();
  private long version;
  private int bytes;

  KnownAnswers(NameTable names) {
    this.names = names;
    this.version = names.version();
  }

  /**
   * An answer with the question's id; it is good until the next call.
   *
   * @param wire begins with the question
   */
  Optional<Answer> find(byte[] wire, int length) {
    long now = names.version();
    if (now != version) {
      version = now;
      forget();
    }
    if (length <= ID_BYTES) {
      return Optional.empty();
    }
    Optional<Answer> known = Optional.ofNullable(answers.get(question(wire, length)));
    known.ifPresent(answer -> System.arraycopy(wire, 0, answer.wire, 0, ID_BYTES));
    return known;
  }

  /**
   * Keeps an answer that comes from the table alone, as it stood at the last {@link #find}. If the
   * table has changed since, the next one forgets it.
   */
  void keep(byte[] wire, int length, Answer answer) {
    int more = length + answer.wire.length;
    if (bytes + more > MOST_BYTES) {
      forget();
    }
    answers.put(question(Arrays.copyOf(wire, length), length), answer);
    bytes += more;
  }

  /** How many are kept. */
  int size() {
    return answers.size();
  }

  private void forget() {
    answers.clear();
    bytes = 0;
  }

  private static ByteBuffer question(byte[] wire, int length) {
    return ByteBuffer.wrap(wire, ID_BYTES, length - ID_BYTES);
  }

  /** An answer as it is sent, with any id, and who counts those of its kind. */
  static final class Answer {

    private final byte[] wire;
    private final Counter counter;

    Answer(byte[] wire, Counter counter) {
      this.wire = wire;
      this.counter = counter;
    }

    byte[] wire() {
      return wire;
    }

    void count() {
      counter.add();
    }
  }
}
