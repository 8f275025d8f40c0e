package io.vl3.cli.verify;

/**
 * How fast a workload sends to another by one TCP connection.
 *
 * @param from who sends
 * @param to who receives
 * @param address where
 * @param megabitsPerSecond what arrived; 0 if nothing
 * @param ok whether something did
 * @param error why not; empty text if it did
 */
record Rate(
    String from, String to, String address, double megabitsPerSecond, boolean ok, String error) {}
