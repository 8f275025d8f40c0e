package io.vl3.cli.pairs;

/**
 * What came of it when one workload asked another for a sign of life.
 *
 * @param from the workload that asked
 * @param to the workload that should answer
 * @param address where it was asked; empty text if it had no address
 * @param rttMillis the round trip time in milliseconds; 0 if none
 * @param ok whether the right one answered
 * @param error why not; empty text if it did
 */
public record Pair(
    String from, String to, String address, double rttMillis, boolean ok, String error) {

  /** An answer. */
  public static Pair answered(String from, String to, String address, long rttNanos) {
    return new Pair(from, to, address, Math.round(rttNanos / 1e3) / 1e3, true, "");
  }

  /** None, and why. */
  public static Pair failed(String from, String to, String address, String error) {
    return new Pair(from, to, address, 0, false, error);
  }
}
