package io.vl3.links;

/**
 * How the links of an NSE are doing.
 *
 * @param up whether what programs them answers
 * @param links links that are wanted
 * @param broken those of them that do not run
 */
public record LinksStatus(boolean up, int links, int broken) {}
