package io.vl3.cli.diagnose.scene;

import io.vl3.api.admin.v1.HealthItem;

/**
 * A trouble that a process reports.
 *
 * @param subject the process
 * @param item the trouble
 */
public record Trouble(Subject subject, HealthItem item) {}
