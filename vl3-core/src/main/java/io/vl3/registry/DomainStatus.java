package io.vl3.registry;

/**
 * Whether a domain can be searched for peers.
 *
 * @param domain the domain; empty text: our own
 * @param up whether its registry answers
 */
public record DomainStatus(String domain, boolean up) {}
