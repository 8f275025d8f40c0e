package io.vl3.vpp;

import io.vl3.dataplane.LinkKey;
import java.time.Instant;
import java.util.Map;

/**
 * How a {@link VppDataPlane} is doing.
 *
 * @param state whether the agent answers and everything wanted runs
 * @param detail why not, in words; empty if all is well
 * @param since when it came to be so
 * @param links how many links are wanted
 * @param problems links that were wanted and did not run when VPP was last looked at, and why
 */
public record VppStatus(
    State state, String detail, Instant since, int links, Map<LinkKey, String> problems) {

  /** The states. */
  public enum State {
    /** The agent has not answered yet. */
    CONNECTING,
    /** The agent answers, and everything wanted runs. */
    UP,
    /** The agent answers, but some links do not run. */
    DEGRADED,
    /** The agent is away, silent, or none that can be used; it is tried again. */
    DOWN
  }

  /** Copies the problems. */
  public VppStatus {
    problems = Map.copyOf(problems);
  }
}
