package io.vl3.health;

import io.vl3.measure.Meter;

/**
 * Takes what a component reports of itself. Thread-safe; does not block, so that it may be called
 * under locks.
 */
public interface Reporter {

  /** Reports to nobody. */
  Reporter NONE =
      new Reporter() {
        @Override
        public Reporter of(String component) {
          return this;
        }

        @Override
        public void ended() {}

        @Override
        public void trouble(HealthCode code, String subject, String line) {}

        @Override
        public void over(HealthCode code, String subject, String line) {}

        @Override
        public void happened(EventKind kind, String subject, String line) {}

        @Override
        public Meter meter() {
          return Meter.NONE;
        }
      };

  /** The reporter of a component by its name; a component's own name is replaced. */
  Reporter of(String component);

  /** The component has ended: none of its troubles lasts, and what it measured is forgotten. */
  void ended();

  /**
   * A trouble has begun, or has another cause by now.
   *
   * @param subject what it is about within the component; a code and a subject are one trouble
   * @param line the cause
   */
  void trouble(HealthCode code, String subject, String line);

  /** A trouble is over; nothing happens if there was none. */
  void over(HealthCode code, String subject, String line);

  /** Something happened that is no trouble. */
  void happened(EventKind kind, String subject, String line);

  /** The meter of the component. */
  Meter meter();
}
