package io.vl3.measure;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Counts what succeeds or fails, by how it ended, and takes its time. The outcome is {@code ok} or
 * the reason: {@code not_found}. Thread-safe.
 */
public final class Attempts {

  private static final String OK = "ok";

  private final Meter meter;
  private final Times times;
  private final Counter ok;
  private final Map<Reason, Counter> failed = new EnumMap<>(Reason.class);

  private Attempts(Meter meter, Measure count, Times times, String... values) {
    this.meter = meter;
    this.times = times;
    this.ok = counter(meter, count, OK, values);
    for (Reason reason : Reason.values()) {
      failed.put(reason, counter(meter, count, reason.name().toLowerCase(Locale.ROOT), values));
    }
  }

  /**
   * Attempts whose time is taken.
   *
   * @param count its last label is the outcome; the others are those of {@code times}
   * @param values of the labels, without the outcome
   */
  public static Attempts of(Meter meter, Measure count, Measure times, String... values) {
    return new Attempts(meter, count, meter.times(times, values), values);
  }

  /** Attempts that are counted alone. */
  public static Attempts counted(Meter meter, Measure count, String... values) {
    return new Attempts(meter, count, new Times(), values);
  }

  private static Counter counter(Meter meter, Measure count, String outcome, String... values) {
    List<String> all = new ArrayList<>();
    Collections.addAll(all, values);
    all.add(outcome);
    return meter.counter(count, all.toArray(String[]::new));
  }

  /** One begins now: what to end it by. */
  public long begin() {
    return meter.nanos();
  }

  /** One succeeded. */
  public void succeeded(long begun) {
    ok.add();
    times.add(meter.nanos() - begun);
  }

  /** One failed. */
  public void failed(long begun, Throwable failure) {
    failed(begun, EndpointException.of(failure).reason());
  }

  /** One failed for a reason. */
  public void failed(long begun, Reason reason) {
    failed.getOrDefault(reason, ok).add();
    times.add(meter.nanos() - begun);
  }
}
