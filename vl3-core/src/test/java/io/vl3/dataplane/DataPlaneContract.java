package io.vl3.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.failure.Reason;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link DataPlane} keeps. Subclasses give a fresh one and links that it can make. */
public abstract class DataPlaneContract {

  private DataPlane plane;

  /** Opens the data plane; again in the same test: another life with the same owner. */
  protected abstract DataPlane open() throws Exception;

  /** A link that can be made; variant 0 and 1 differ in what is configured on it. */
  protected abstract Link link(String key, int variant);

  /** What exists, as text that is the same for the same state. */
  protected abstract String state() throws Exception;

  /**
   * A link that the data plane refuses though nothing is wrong with others; null if there is none.
   */
  protected abstract Link poisoned(String key);

  @BeforeEach
  void openFirst() throws Exception {
    plane = open();
  }

  @AfterEach
  void closeLast() {
    plane.close();
  }

  @Test
  void put_makesTheLink_andRemoveLeavesNothing() throws Exception {
    String empty = state();
    assertThat(put(link("a", 0))).isEqualTo(changed());
    assertThat(state()).isNotEqualTo(empty);
    assertThat(plane.observe()).containsExactly(new LinkKey("a"));
    assertThat(remove("a")).isInstanceOf(LinkOutcome.Applied.class);
    assertThat(state()).isEqualTo(empty);
    assertThat(plane.observe()).isEmpty();
  }

  @Test
  void put_again_changesNothing() throws Exception {
    put(link("a", 0));
    String once = state();
    assertThat(put(link("a", 0))).isInstanceOf(LinkOutcome.Applied.class);
    assertThat(state()).isEqualTo(once);
  }

  @Test
  void put_otherwise_isAsIfPutSoAtOnce() throws Exception {
    put(link("a", 1));
    String wanted = state();
    remove("a");
    put(link("a", 0));
    assertThat(state()).isNotEqualTo(wanted);
    put(link("a", 1));
    assertThat(state()).isEqualTo(wanted);
  }

  @Test
  void remove_unknown_isNoError() {
    assertThat(remove("nobody")).isInstanceOf(LinkOutcome.Applied.class);
  }

  @Test
  void batch_answersEachInOrder_andOneRefusedFailsAlone() throws Exception {
    put(link("old", 0));
    Link poisoned = poisoned("bad");
    if (poisoned == null) {
      return;
    }
    List<LinkOutcome> outcomes =
        plane.apply(
            List.of(
                new LinkChange.Put(link("a", 0)),
                new LinkChange.Put(poisoned),
                new LinkChange.Remove(new LinkKey("old")),
                new LinkChange.Put(link("b", 0))));
    assertThat(outcomes).hasSize(4);
    assertThat(outcomes.get(0)).isInstanceOf(LinkOutcome.Applied.class);
    assertThat(outcomes.get(1))
        .isInstanceOfSatisfying(
            LinkOutcome.Failed.class,
            failed -> assertThat(failed.reason()).isNotEqualTo(Reason.INTERNAL));
    assertThat(outcomes.get(2)).isInstanceOf(LinkOutcome.Applied.class);
    assertThat(outcomes.get(3)).isInstanceOf(LinkOutcome.Applied.class);
    assertThat(plane.observe()).containsExactlyInAnyOrder(new LinkKey("a"), new LinkKey("b"));
    remove("a");
    remove("b");
  }

  @Test
  void anotherLife_findsWhatTheEarlierLeft_andPutKeepsIt() throws Exception {
    put(link("a", 0));
    put(link("b", 0));
    String before = state();
    plane.close();
    plane = open();
    assertThat(state()).as("nothing is removed at a start").isEqualTo(before);
    Set<LinkKey> left = plane.observe();
    assertThat(left).hasSize(2);
    put(link("a", 0));
    put(link("b", 0));
    assertThat(state()).isEqualTo(before);
    assertThat(plane.observe()).containsExactlyInAnyOrder(new LinkKey("a"), new LinkKey("b"));
    remove("a");
    remove("b");
  }

  @Test
  void anotherLife_removesLeftoversByWhatObserveCalledThem() throws Exception {
    String empty = state();
    put(link("a", 0));
    plane.close();
    plane = open();
    for (LinkKey key : plane.observe()) {
      remove(key.value());
    }
    assertThat(state()).isEqualTo(empty);
  }

  private LinkOutcome put(Link link) {
    return plane.apply(List.of(new LinkChange.Put(link))).get(0);
  }

  private LinkOutcome remove(String key) {
    return plane.apply(List.of(new LinkChange.Remove(new LinkKey(key)))).get(0);
  }

  /** The expected outcome of a first put. */
  protected LinkOutcome changed() {
    return new LinkOutcome.Applied(true, 1400);
  }
}
