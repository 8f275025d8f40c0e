package io.vl3.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WithoutProofsTest {

  private static final Instant END = Instant.parse("2026-12-02T10:00:00.123456789Z");
  private static final PathSegment FIRST = segment("first", new Token("a.b.c", END));
  private static final PathSegment SECOND = segment("second", new Token("no-jwt", END));
  private static final PathSegment BARE = PathSegment.of("third", "id-third");
  private static final Path PATH = new Path(1, List.of(FIRST, SECOND, BARE));

  @Test
  void withoutProofs_onlyTheEndsOfTokensAreLeft() {
    Path kept = PATH.withoutProofs();
    assertThat(kept.segments())
        .containsExactly(
            segment("first", new Token("", END)), segment("second", new Token("", END)), BARE);
    assertThat(kept.index()).isEqualTo(1);
    assertThat(kept.withoutProofs()).isSameAs(kept);
  }

  /** A session and a board keep the same ones. */
  @Test
  void aSegmentWithoutProof_isMadeOnce() {
    assertThat(PATH.withIndex(0).withoutProofs().segments().get(0))
        .isSameAs(PATH.withoutProofs().segments().get(0));
  }

  @Test
  void withProofsOf_theEarlierPath_givesItBack() {
    assertThat(PATH.withoutProofs().withIndex(2).withProofsOf(PATH)).isEqualTo(PATH.withIndex(2));
  }

  @Test
  void withProofsOf_aPathOfOthers_changesNothing() {
    Path kept = PATH.withoutProofs();
    Path others =
        new Path(
            0,
            List.of(
                segment("another", new Token("a.b.c", END)),
                segment("second", new Token("later", END.plusNanos(1)))));
    assertThat(kept.withProofsOf(others)).isEqualTo(kept);
    assertThat(PATH.withProofsOf(new Path(0, List.of(segment("first", new Token("x", END))))))
        .isEqualTo(PATH);
    assertThat(kept.withProofsOf(Path.EMPTY)).isEqualTo(kept);
  }

  private static PathSegment segment(String name, Token token) {
    return new PathSegment(name, "id-" + name, Optional.of(token), Map.of("zone", "a"));
  }
}
