package io.vl3.cli.demo;

/**
 * What one workload got when it fetched another's page.
 *
 * @param from the workload that asked
 * @param to the workload that should answer
 * @param address where it was asked; empty text if it had no address
 * @param rttMillis the round trip time in milliseconds, measured by the TCP handshake; 0 if none
 * @param ok whether the page came and names {@code to}
 * @param error why not; empty text if it did
 */
record Pair(String from, String to, String address, double rttMillis, boolean ok, String error) {

  static Pair answered(String from, String to, String address, long rttNanos) {
    return new Pair(from, to, address, Math.round(rttNanos / 1e3) / 1e3, true, "");
  }

  static Pair failed(String from, String to, String address, String error) {
    return new Pair(from, to, address, 0, false, error);
  }
}
