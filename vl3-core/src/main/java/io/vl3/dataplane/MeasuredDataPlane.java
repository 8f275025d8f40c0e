package io.vl3.dataplane;

import io.vl3.measure.Attempts;
import io.vl3.measure.Measure;
import io.vl3.measure.Meter;
import io.vl3.measure.Times;
import io.vl3.net.IpAddress;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Counts the changes of another data plane, and takes the time of each batch. As thread-safe. */
public final class MeasuredDataPlane implements DataPlane {

  private final DataPlane plane;
  private volatile Batches batches;

  private MeasuredDataPlane(DataPlane plane, Batches batches) {
    this.plane = plane;
    this.batches = batches;
  }

  /** Of an NSE; measures for nobody before {@link #measureBy}. */
  public static MeasuredDataPlane ofNse(DataPlane plane) {
    return new MeasuredDataPlane(plane, Batches.ofNse(Meter.NONE));
  }

  /** Of a manager. */
  public static MeasuredDataPlane ofManager(DataPlane plane, Meter meter) {
    return new MeasuredDataPlane(
        plane, Batches.of(meter, Measure.MANAGER_LINK_CHANGES, Measure.MANAGER_PROGRAMMING_TIMES));
  }

  /** Measures as an NSE from now on. */
  public void measureBy(Meter meter) {
    batches = Batches.ofNse(meter);
  }

  @Override
  public List<LinkOutcome> apply(List<LinkChange> changes) {
    Batches now = batches;
    long begun = now.meter.nanos();
    List<LinkOutcome> outcomes = plane.apply(changes);
    now.times.add(now.meter.nanos() - begun);
    for (int i = 0; i < Math.min(changes.size(), outcomes.size()); i++) {
      now.count(changes.get(i), outcomes.get(i), begun);
    }
    return outcomes;
  }

  @Override
  public Set<LinkKey> observe() {
    return plane.observe();
  }

  @Override
  public boolean mendsOnPut() {
    return plane.mendsOnPut();
  }

  @Override
  public OptionalInt tunnelMtuBytes(IpAddress local) {
    return plane.tunnelMtuBytes(local);
  }

  /** Lets go of the other data plane's resources. */
  @Override
  public void close() {
    plane.close();
  }

  /** The series of one meter. */
  private record Batches(Meter meter, Times times, Attempts puts, Attempts removals) {

    static Batches of(Meter meter, Measure changes, Measure times) {
      return new Batches(
          meter,
          meter.times(times),
          Attempts.counted(meter, changes, "put"),
          Attempts.counted(meter, changes, "remove"));
    }

    static Batches ofNse(Meter meter) {
      return of(meter, Measure.LINK_CHANGES, Measure.PROGRAMMING_TIMES);
    }

    void count(LinkChange change, LinkOutcome outcome, long begun) {
      Attempts attempts = change instanceof LinkChange.Put ? puts : removals;
      if (outcome instanceof LinkOutcome.Failed failed) {
        attempts.failed(begun, failed.reason());
      } else {
        attempts.succeeded(begun);
      }
    }
  }
}
