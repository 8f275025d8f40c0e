package io.vl3.admin;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.time.Duration;
import java.util.Optional;

/** Changes what a process logs, while it runs. Thread-safe. */
@FunctionalInterface
public interface LogLevels {

  /** Of a process that does not let its log be changed. */
  LogLevels FIXED =
      (logger, level, time) -> {
        throw new EndpointException(
            Reason.INVALID, "log level: fixed (expected: a process of `vl3 run` or `vl3 client`)");
      };

  /**
   * Sets the threshold of a logger.
   *
   * @param logger its name; empty: all of ours
   * @param level trace, debug, info, warn, error or off
   * @param time for how long: after that it is as it was before the first change; empty: for good
   * @return the level that counted before
   * @throws EndpointException INVALID if there is no such level
   */
  String set(String logger, String level, Optional<Duration> time) throws EndpointException;
}
