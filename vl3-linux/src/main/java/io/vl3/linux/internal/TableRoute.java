package io.vl3.linux.internal;

import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.Optional;

/**
 * A route of a namespace's main table, whoever made it.
 *
 * @param destination the prefix that it leads to
 * @param gateway the router; empty: none
 * @param index the interface's number; 0: packets are refused
 * @param metric of two routes to one destination the lower one counts
 */
public record TableRoute(
    IpPrefix destination, Optional<IpAddress> gateway, int index, int metric) {}
