package io.vl3.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MeasurementsTest {

  private final AtomicLong nanos = new AtomicLong();
  private final Measurements all = new Measurements(nanos::get);

  @Test
  void theSameValues_areTheSameCounter_andEachComponentHasItsOwn() {
    all.meter("a").counter(Measure.PROBES, "answered").add();
    all.meter("a").counter(Measure.PROBES, "answered").add();
    all.meter("b").counter(Measure.PROBES, "answered").add();
    assertThat(counts())
        .containsExactlyInAnyOrder("a probes [answered] 2", "b probes [answered] 1");
  }

  @Test
  void whoIsForgotten_showsNothing() {
    Counter kept = all.meter("a").counter(Measure.PROBES, "answered");
    all.meter("b").counter(Measure.PROBES, "answered").add();
    all.forget("a");
    kept.add();
    assertThat(counts()).containsExactly("b probes [answered] 1");
  }

  @Test
  void whatBelongsToTheProcess_hasNoComponent() {
    all.meter("a").counter(Measure.MANAGER_LINK_CHANGES, "put", "ok").add();
    assertThat(counts()).containsExactly(" manager_link_changes [put, ok] 1");
  }

  @Test
  void wrongLabelsOrKind_areACallersFault() {
    Meter meter = all.meter("a");
    assertThatThrownBy(() -> meter.counter(Measure.PROBES))
        .hasMessage("measure: probes by COUNT [] (expected: COUNT by [outcome])");
    assertThatThrownBy(() -> meter.times(Measure.PROBES, "answered"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void moreSeriesThanAreKept_areCountedForNobody() {
    for (int i = 0; i <= Measurements.MOST; i++) {
      all.meter("nse-" + i).counter(Measure.PROBES, "answered").add();
    }
    assertThat(all.series()).hasSize(Measurements.MOST);
  }

  @Test
  void times_fallIntoTheFirstBucketThatHoldsThem() {
    Times times = new Times();
    times.add(100_000);
    times.add(100_001);
    times.add(20_000_000_000L);
    times.add(-5);
    assertThat(times.buckets().get(0)).isEqualTo(2);
    assertThat(times.buckets().get(1)).isEqualTo(1);
    assertThat(times.buckets().get(Times.boundsNanos().length)).isEqualTo(1);
    assertThat(times.sumNanos()).isEqualTo(20_000_200_001L);
  }

  @Test
  void attempts_areCountedByReason_andTimed() {
    Attempts dials = Attempts.of(all.meter("a"), Measure.DIALS, Measure.DIAL_TIMES);
    long begun = dials.begin();
    nanos.set(3_000_000);
    dials.succeeded(begun);
    EndpointException denied = new EndpointException(Reason.DENIED, "no");
    dials.failed(begun, denied);
    dials.failed(begun, new CompletionException(denied));
    dials.failed(begun, new IllegalStateException("a bug"));
    assertThat(counts())
        .contains("a dials [ok] 1", "a dials [denied] 2", "a dials [internal] 1")
        .contains("a dials [not_found] 0");
    assertThat(all.meter("a").times(Measure.DIAL_TIMES).sumNanos()).isEqualTo(12_000_000);
  }

  private List<String> counts() {
    return all.series().stream()
        .filter(Series.Counted.class::isInstance)
        .map(Series.Counted.class::cast)
        .map(
            one ->
                "%s %s %s %d"
                    .formatted(
                        one.component(), one.measure().text(), one.values(), one.counter().value()))
        .toList();
  }
}
