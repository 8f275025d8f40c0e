package io.vl3.vpp.api;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A call of VPP's API that failed. */
public final class ApiException extends Exception {

  /** How it failed. */
  public enum Kind {
    /** There is no VPP at the socket, or the connection ended: what VPP did is not known. */
    AWAY,
    /** VPP did not answer in time: what it did is not known. */
    LATE,
    /** VPP has no such message, or its fields are not known; nothing was sent. */
    UNKNOWN_MESSAGE,
    /** A value does not fit the message's field; nothing was sent. */
    UNFIT_VALUE,
    /** A message of VPP cannot be read; the connection is closed. */
    UNREADABLE,
    /** VPP answered no. */
    REFUSED
  }

  private final Kind kind;
  private final OptionalInt retval;

  ApiException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.retval = OptionalInt.empty();
  }

  ApiException(Kind kind, String message) {
    this(kind, message, null);
  }

  private ApiException(String message, int retval) {
    super(message);
    this.kind = Kind.REFUSED;
    this.retval = OptionalInt.of(retval);
  }

  static ApiException refused(String message, int retval) {
    return new ApiException("%s: %s".formatted(message, Retval.words(retval)), retval);
  }

  /** This failure for another who waits. */
  ApiException again() {
    return new ApiException(kind, getMessage(), this);
  }

  /** How it failed. */
  public Kind kind() {
    return kind;
  }

  /** The number that VPP answered; empty unless it refused. */
  public OptionalInt retval() {
    return retval;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
