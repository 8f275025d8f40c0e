package io.vl3.health;

import java.time.Instant;
import java.util.Optional;

/**
 * A trouble that lasts.
 *
 * @param code which kind
 * @param component who has it: an NSE's name, a workload's; empty text: the process
 * @param subject what it is about within the component, such as a peer; may be empty text
 * @param since when it began; empty if only its presence is known
 * @param text the cause, in one line
 */
public record HealthItem(
    HealthCode code, String component, String subject, Optional<Instant> since, String text) {}
