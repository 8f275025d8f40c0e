package io.vl3.vpp.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.measure.Measure;
import io.vl3.measure.Measurements;
import io.vl3.measure.Series;
import io.vl3.vpp.VppSettings;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every call is counted once, by what came of it, and takes its time. */
class MeasuredCallsTest {

  private final AtomicLong nanos = new AtomicLong();
  private final Measurements measurements = new Measurements(nanos::get);
  private final Scripted client = new Scripted();
  private final MeasuredCalls calls = new MeasuredCalls(client);

  @Test
  void calls_areCountedByOutcome_andTheirTimesAddedUp() throws Exception {
    calls.measureBy(measurements.meter("nse"));
    calls.check(VppSettings.of("nse"));
    calls.update(List.of());
    calls.update(List.of());
    calls.delete(List.of());
    calls.read();
    client.failures.add(VppException.away("away", null));
    client.failures.add(VppException.late("late", null));
    client.failures.add(VppException.refused(Map.of("link", "no")));
    assertThatThrownBy(() -> calls.update(List.of())).hasMessage("away");
    assertThatThrownBy(() -> calls.read()).hasMessage("late");
    assertThatThrownBy(() -> calls.delete(List.of())).hasMessage("no");
    assertThat(counts())
        .isEqualTo(
            Map.of(
                "check ok", 1L,
                "update ok", 2L,
                "delete ok", 1L,
                "read ok", 1L,
                "update away", 1L,
                "read late", 1L,
                "delete refused", 1L));
    assertThat(measurements.meter("nse").times(Measure.AGENT_CALL_TIMES, "update").sumNanos())
        .as("three calls of 5 ns")
        .isEqualTo(15);
  }

  @Test
  void beforeSomebodyMeasures_callsWorkUncounted() throws Exception {
    calls.read();
    calls.measureBy(measurements.meter("nse"));
    assertThat(counts()).isEmpty();
  }

  private Map<String, Long> counts() {
    return measurements.series().stream()
        .filter(Series.Counted.class::isInstance)
        .map(Series.Counted.class::cast)
        .filter(one -> one.measure() == Measure.AGENT_CALLS && one.counter().value() > 0)
        .collect(
            Collectors.toMap(one -> String.join(" ", one.values()), one -> one.counter().value()));
  }

  /** Each call takes 5 ns and fails with the next failure, if there is one. */
  private final class Scripted implements Configurator {

    private final Deque<VppException> failures = new ArrayDeque<>();

    private void call() throws VppException {
      nanos.addAndGet(5);
      VppException failure = failures.poll();
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public String subject() {
      return "a script";
    }

    @Override
    public void hurry() {}

    @Override
    public void check(VppSettings settings) throws VppException {
      call();
    }

    @Override
    public void update(Collection<Item> items) throws VppException {
      call();
    }

    @Override
    public void delete(Collection<Item> items) throws VppException {
      call();
    }

    @Override
    public VppView read() throws VppException {
      call();
      return VppView.running(List.of());
    }
  }
}
