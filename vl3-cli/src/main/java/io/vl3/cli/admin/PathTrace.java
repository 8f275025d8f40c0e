package io.vl3.cli.admin;

import java.util.List;

/**
 * The way of packets from one workload to an address, as routes and links stand.
 *
 * @param from the workload
 * @param to the address
 * @param hops in order
 * @param outcome how it ends
 * @param end where and why it ends, in a line
 */
public record PathTrace(String from, String to, List<Hop> hops, Outcome outcome, String end) {

  /** Copies the list. */
  public PathTrace {
    hops = List.copyOf(hops);
  }

  /** How a way ends. */
  public enum Outcome {
    /** At the address. */
    ARRIVES,
    /** Before. */
    LOST,
    /** Where none of the processes that were asked sees on. */
    UNSEEN
  }
}
