package io.vl3.cli.admin;

import io.vl3.api.admin.v1.Interface;
import io.vl3.api.admin.v1.Route;
import java.util.Optional;

/**
 * Where packets pass on their way.
 *
 * @param at the NSE or workload
 * @param isNse which of the two
 * @param route by which they leave; empty: they do not
 * @param link over which they leave, with its counters; empty: it cannot be looked at
 * @param to the NSE or workload at the other side; empty text: nobody
 */
record Hop(String at, boolean isNse, Optional<Route> route, Optional<Interface> link, String to) {}
