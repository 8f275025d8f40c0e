package io.vl3.health;

import io.vl3.measure.Measurements;
import io.vl3.measure.Meter;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What components of one process report: the troubles that last, the newest events, and what they
 * measure. Bounded: the oldest events make room, and of more than {@link #MOST_ITEMS} troubles at a
 * time the later ones appear among the events alone. Texts are kept as they came: whoever shows
 * them makes them printable. Thread-safe; nothing blocks.
 */
public final class HealthBoard {

  /** Troubles that are kept at a time. */
  static final int MOST_ITEMS = 2_000;

  /** Memory for events. */
  static final int USUAL_BYTES = 1 << 20;

  /** Longer texts are cut. */
  static final int LONGEST_TEXT = 1_000;

  private final InstantSource clock;
  private final int mostBytes;
  private final Measurements measurements;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Guards all below; memory work only. */
  private final Object lock = new Object();

  private final Map<Key, HealthItem> items = new LinkedHashMap<>();
  private final Deque<Event> events = new ArrayDeque<>();
  private long last;
  private int bytes;

  /** A board on which nothing is reported yet. */
  public HealthBoard(InstantSource clock) {
    this(clock, () -> TimeUnit.MILLISECONDS.toNanos(clock.millis()));
  }

  /**
   * A board on which nothing is reported yet.
   *
   * @param nanos a clock that goes on steadily, for what takes time
   */
  public HealthBoard(InstantSource clock, LongSupplier nanos) {
    this(clock, nanos, USUAL_BYTES);
  }

  HealthBoard(InstantSource clock, int mostBytes) {
    this(clock, () -> 0, mostBytes);
  }

  private HealthBoard(InstantSource clock, LongSupplier nanos, int mostBytes) {
    this.clock = clock;
    this.mostBytes = mostBytes;
    this.measurements = new Measurements(nanos);
  }

  private record Key(HealthCode code, String component, String subject) {}

  /** Reports of the process itself; of a component by {@link Reporter#of}. */
  public Reporter reporter() {
    return new Entry("");
  }

  /** The troubles that last, in the order in which they began; a snapshot. */
  public List<HealthItem> items() {
    synchronized (lock) {
      return List.copyOf(items.values());
    }
  }

  /**
   * The events that are still kept, oldest first; a snapshot.
   *
   * @param after only those with a higher number; 0: all
   */
  public List<Event> events(long after) {
    Deque<Event> newer = new ArrayDeque<>();
    synchronized (lock) {
      Iterator<Event> fromNewest = events.descendingIterator();
      while (fromNewest.hasNext()) {
        Event event = fromNewest.next();
        if (event.number() <= after) {
          break;
        }
        newer.addFirst(event);
      }
    }
    return List.copyOf(newer);
  }

  /** How many events have happened so far. */
  public long happened() {
    synchronized (lock) {
      return last;
    }
  }

  /** The measurements of all components. */
  public Measurements measurements() {
    return measurements;
  }

  /** Calls the listener after each event, on the thread that reports it: it must not block. */
  public Listening listen(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Ends listening. */
  @FunctionalInterface
  public interface Listening extends AutoCloseable {
    @Override
    void close();
  }

  private void begin(Key key, String text) {
    synchronized (lock) {
      HealthItem known = items.get(key);
      if (known != null || items.size() < MOST_ITEMS) {
        items.put(
            key,
            new HealthItem(
                key.code(),
                key.component(),
                key.subject(),
                known == null ? Optional.of(clock.instant()) : known.since(),
                text));
      }
    }
    note(EventKind.TROUBLE, key.component(), key.subject(), text);
  }

  private void end(Key key, String text) {
    boolean lasted;
    synchronized (lock) {
      lasted = items.remove(key) != null;
    }
    if (lasted) {
      note(EventKind.OVER, key.component(), key.subject(), text);
    }
  }

  private void note(EventKind kind, String component, String subject, String text) {
    synchronized (lock) {
      Event event = new Event(++last, clock.instant(), kind, component, subject, text);
      events.addLast(event);
      bytes += event.bytes();
      while (bytes > mostBytes) {
        bytes -= events.removeFirst().bytes();
      }
    }
    listeners.forEach(Runnable::run);
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "...";
  }

  private final class Entry implements Reporter {

    private final String component;

    Entry(String component) {
      this.component = component;
    }

    @Override
    public Reporter of(String other) {
      return new Entry(cut(other));
    }

    @Override
    public void ended() {
      synchronized (lock) {
        items.keySet().removeIf(key -> key.component().equals(component));
      }
      measurements.forget(component);
    }

    @Override
    public void trouble(HealthCode code, String subject, String line) {
      begin(key(code, subject), cut(line));
    }

    @Override
    public void over(HealthCode code, String subject, String line) {
      end(key(code, subject), cut(line));
    }

    @Override
    public void happened(EventKind kind, String subject, String line) {
      note(kind, component, cut(subject), cut(line));
    }

    @Override
    public Meter meter() {
      return measurements.meter(component);
    }

    private Key key(HealthCode code, String subject) {
      return new Key(code, component, cut(subject));
    }
  }
}
