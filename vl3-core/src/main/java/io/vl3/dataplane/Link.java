package io.vl3.dataplane;

/**
 * A point-to-point link as it is wanted.
 *
 * @param key what it is known by
 * @param title who it joins, for people: {@code web-1 - vl3-nse-2}
 * @param client the client's end
 * @param endpoint the endpoint's end
 * @param mtuBytes the MTU in bytes; 0: the data plane's choice
 */
public record Link(LinkKey key, String title, LinkEnd client, LinkEnd endpoint, int mtuBytes) {}
