package io.vl3.vpp.internal;

import io.vl3.measure.Counter;
import io.vl3.measure.Measure;
import io.vl3.measure.Meter;
import io.vl3.measure.Times;
import io.vl3.vpp.VppSettings;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Counts the calls of another configurator by outcome, and takes their time. As thread-safe. */
public final class MeasuredCalls implements Configurator {

  private final Configurator client;
  private volatile Calls calls = Calls.by(Meter.NONE);

  /** Measures for nobody yet. */
  public MeasuredCalls(Configurator client) {
    this.client = client;
  }

  /** Measures there from now on. */
  public void measureBy(Meter meter) {
    calls = Calls.by(meter);
  }

  @Override
  public String subject() {
    return client.subject();
  }

  @Override
  public void hurry() {
    client.hurry();
  }

  @Override
  public void check(VppSettings settings) throws VppException {
    Calls now = calls;
    now.check.run(
        now.meter,
        () -> {
          client.check(settings);
          return settings;
        });
  }

  @Override
  public Optional<String> objection(VppView view, VppSettings settings) {
    return client.objection(view, settings);
  }

  @Override
  public boolean setsMtuOfPackets() {
    return client.setsMtuOfPackets();
  }

  @Override
  public void onSurprise(Runnable listener) {
    client.onSurprise(listener);
  }

  @Override
  public Set<String> cutOff() {
    return client.cutOff();
  }

  @Override
  public boolean seeksOtherEnds() {
    return client.seeksOtherEnds();
  }

  @Override
  public Map<String, Traffic> traffic() throws VppException {
    return client.traffic();
  }

  @Override
  public OptionalLong process() {
    return client.process();
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  public void update(Collection<Item> items) throws VppException {
    Calls now = calls;
    now.update.run(
        now.meter,
        () -> {
          client.update(items);
          return items;
        });
  }

  @Override
  public void delete(Collection<Item> items) throws VppException {
    Calls now = calls;
    now.delete.run(
        now.meter,
        () -> {
          client.delete(items);
          return items;
        });
  }

  @Override
  public VppView read() throws VppException {
    Calls now = calls;
    return now.read.run(now.meter, client::read);
  }

  @Override
  public Optional<Reading> begin() {
    return client.begin();
  }

  @Override
  public boolean confirms(Reading reading, VppView last) throws VppException {
    return client.confirms(reading, last);
  }

  /** Counted as a read whose time is that of its end; the others need not wait for the rest. */
  @Override
  public VppView read(Reading reading) throws VppException {
    Calls now = calls;
    return now.read.run(now.meter, () -> client.read(reading));
  }

  /** The counters of one meter. */
  private record Calls(Meter meter, Call check, Call update, Call delete, Call read) {

    static Calls by(Meter meter) {
      return new Calls(
          meter,
          Call.of(meter, "check"),
          Call.of(meter, "update"),
          Call.of(meter, "delete"),
          Call.of(meter, "read"));
    }
  }

  /** One kind of call. */
  private record Call(Times times, Counter ok, Map<VppException.Kind, Counter> failed) {

    static Call of(Meter meter, String name) {
      Map<VppException.Kind, Counter> failed = new EnumMap<>(VppException.Kind.class);
      for (VppException.Kind kind : VppException.Kind.values()) {
        String outcome = kind.name().toLowerCase(Locale.ROOT);
        failed.put(kind, meter.counter(Measure.AGENT_CALLS, name, outcome));
      }
      return new Call(
          meter.times(Measure.AGENT_CALL_TIMES, name),
          meter.counter(Measure.AGENT_CALLS, name, "ok"),
          failed);
    }

    <T> T run(Meter meter, Work<T> work) throws VppException {
      long begun = meter.nanos();
      try {
        T result = work.run();
        ok.add();
        return result;
      } catch (VppException failure) {
        failed.getOrDefault(failure.kind(), ok).add();
        throw failure;
      } finally {
        times.add(meter.nanos() - begun);
      }
    }
  }

  /** A measured call. */
  @FunctionalInterface
  private interface Work<T> {
    T run() throws VppException;
  }
}
