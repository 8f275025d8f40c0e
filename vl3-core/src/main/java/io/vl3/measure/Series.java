package io.vl3.measure;

import java.util.List;

/** The values of one measure of one component, by the values of its labels. */
public sealed interface Series {

  /** The measure. */
  Measure measure();

  /** The component; empty text: the process. */
  String component();

  /** The values of the measure's labels. */
  List<String> values();

  /** A count, which goes on. */
  record Counted(Measure measure, String component, List<String> values, Counter counter)
      implements Series {

    /** Copies the list. */
    public Counted {
      values = List.copyOf(values);
    }
  }

  /** Times, which go on. */
  record Timed(Measure measure, String component, List<String> values, Times times)
      implements Series {

    /** Copies the list. */
    public Timed {
      values = List.copyOf(values);
    }
  }
}
