package io.vl3.cli.verify;

import io.vl3.linux.Netns;
import io.vl3.net.IpAddress;

/**
 * Where packets shall go: from a namespace to an address.
 *
 * @param from who sends
 * @param namespace from where
 * @param mtuBytes of the interface that the packets leave by
 * @param to who shall answer
 * @param address where that is
 */
record Way(String from, Netns namespace, int mtuBytes, String to, IpAddress address) {}
