package io.vl3.measure;

import java.util.List;

/** What one component has measured under one measure, with values of its labels. */
public sealed interface Series {

  /** What was measured. */
  Measure measure();

  /** Whose it is; empty text: the process's. */
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
