package io.vl3.log;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;

/**
 * Something that is needed and perhaps away, and is tried again until it is there: why is told once
 * for each cause, with WARN, and its end with INFO. Thread-safe.
 */
public final class Outage {

  /** Times and counts differ with each attempt and make no new cause. */
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  /** Causes told of one outage; who words each attempt anew is not told for ever. */
  private static final int MOST = 20;

  private final Logger log;
  private final Set<String> told = new HashSet<>();

  /** Nothing is away yet. */
  public Outage(Logger log) {
    this.log = log;
  }

  /** An attempt failed, for what the line says. */
  public void failed(String line) {
    if (isNew(NUMBER.matcher(line).replaceAll("0"))) {
      log.warn("{}", line);
    } else {
      log.debug("{}", line);
    }
  }

  /** It is there: the line is told if a failure was. */
  public void ended(String line) {
    if (clear()) {
      log.info("{}", line);
    }
  }

  private synchronized boolean isNew(String cause) {
    return told.size() < MOST && told.add(cause);
  }

  private synchronized boolean clear() {
    boolean any = !told.isEmpty();
    told.clear();
    return any;
  }
}
