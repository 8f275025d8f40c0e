package io.vl3.measure;

/**
 * The meter of a component. A caller that measures often takes a counter once and keeps it.
 * Thread-safe; nothing blocks.
 */
public interface Meter {

  /** Measures for nobody. */
  Meter NONE =
      new Meter() {
        @Override
        public Counter counter(Measure what, String... values) {
          return new Counter();
        }

        @Override
        public Times times(Measure what, String... values) {
          return new Times();
        }

        @Override
        public long nanos() {
          return 0;
        }
      };

  /**
   * A count, the same for the same values.
   *
   * @param values of the measure's labels, in their order; fixed ones, not what others send
   */
  Counter counter(Measure what, String... values);

  /** Times, as {@link #counter}. */
  Times times(Measure what, String... values);

  /** The time; only what lies between two means something. */
  long nanos();
}
