package io.vl3.cli.verify;

import java.util.List;

/**
 * What the resolver of a workload said of a name.
 *
 * @param from the workload
 * @param name what was asked for
 * @param server who answered; empty text if nobody did
 * @param addresses what was answered
 * @param ok whether these are addresses that the network has for the name
 * @param error why not; empty text if they are
 */
record NameCheck(
    String from, String name, String server, List<String> addresses, boolean ok, String error) {}
