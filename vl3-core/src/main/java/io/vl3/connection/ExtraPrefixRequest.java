package io.vl3.connection;

import io.vl3.net.IpFamily;

/**
 * Prefixes that a client asks for beside its address.
 *
 * @param family the address family
 * @param length the length of each prefix in bits
 * @param required how many the client must have
 * @param requested how many it would like; at least {@code required}
 */
public record ExtraPrefixRequest(IpFamily family, int length, int required, int requested) {}
