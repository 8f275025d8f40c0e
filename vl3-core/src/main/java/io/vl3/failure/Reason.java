package io.vl3.failure;

/** Why an expected failure happened; one table maps it to gRPC codes and CLI exit codes. */
public enum Reason {
  /** The request itself is wrong; asking again unchanged is pointless. */
  INVALID(false),
  /** The caller is not known. */
  UNAUTHENTICATED(false),
  /** The caller is known and may not do this. */
  DENIED(false),
  /** The object that was asked for does not exist. */
  NOT_FOUND(false),
  /** The request stands against something that exists. */
  CONFLICT(false),
  /** Nothing is left to give. */
  EXHAUSTED(true),
  /** Something needed is away for now. */
  UNAVAILABLE(true),
  /** Time ran out. */
  DEADLINE(true),
  /** The caller called it off. */
  CANCELLED(false),
  /** A fault of ours. */
  INTERNAL(false);

  private final boolean retriable;

  Reason(boolean retriable) {
    this.retriable = retriable;
  }

  /** Whether the same request may succeed later. */
  public boolean retriable() {
    return retriable;
  }
}
