package io.vl3.health;

/** How bad a trouble is. */
public enum Severity {
  /** Something is missing; what stands goes on, or others do the work. */
  WARNING,
  /** Somebody has no service because of it. */
  ERROR
}
