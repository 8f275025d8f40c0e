package io.vl3.connection;

import java.util.List;

/**
 * Which connections a monitor wants: those whose path holds the segments as one contiguous run, and
 * whose service is one of those named.
 *
 * @param segments name and id of each segment of the run; empty text matches anything
 * @param networkServices the services; empty: any
 */
public record MonitorSelector(List<PathSegment> segments, List<String> networkServices) {

  /** Every connection. */
  public static final MonitorSelector ALL = new MonitorSelector(List.of(), List.of());

  /** Copies the lists. */
  public MonitorSelector {
    segments = List.copyOf(segments);
    networkServices = List.copyOf(networkServices);
  }

  /** Whether the connection is wanted. */
  public boolean matches(Connection connection) {
    return (networkServices.isEmpty() || networkServices.contains(connection.networkService()))
        && holdsRun(connection.path().segments());
  }

  private boolean holdsRun(List<PathSegment> path) {
    for (int start = 0; start + segments.size() <= path.size(); start++) {
      if (runStartsAt(path, start)) {
        return true;
      }
    }
    return segments.isEmpty();
  }

  private boolean runStartsAt(List<PathSegment> path, int start) {
    for (int i = 0; i < segments.size(); i++) {
      PathSegment wanted = segments.get(i);
      PathSegment found = path.get(start + i);
      if (!matches(wanted.name(), found.name()) || !matches(wanted.id(), found.id())) {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(String wanted, String found) {
    return wanted.isEmpty() || wanted.equals(found);
  }
}
