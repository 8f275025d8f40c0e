package io.vl3.grpc.internal;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one table between reasons and gRPC status codes (docs/errors.md). Messages are kept. */
public final class StatusCodes {

  /** A status travels in a header, and peers take 8 KiB of headers. */
  private static final int MESSAGE_CHARACTERS = 2000;

  private static final Pattern FORGOTTEN =
      Pattern.compile("network service endpoint (?!candidates )\\S+ not found");

  /** gRPC for Java names its handlers beside what happened to them. */
  private static final Pattern HANDLERS = Pattern.compile("\\s*Channel Pipeline: \\[[^]]*]");

  /** gRPC for Java adds where the call stood; seconds to a tenth are enough. */
  private static final Pattern LATE =
      Pattern.compile("(?:CallOptions|Context) deadline exceeded after (\\d+\\.\\d)\\d*s\\..*");

  private static final Map<Reason, Status.Code> CODES = codes();
  private static final Map<Status.Code, Reason> REASONS = reasons();

  private StatusCodes() {}

  /** The status by which a caller learns of a failure. */
  public static Status toStatus(EndpointException failure) {
    String message = failure.getMessage();
    return toCode(failure.reason())
        .toStatus()
        .withDescription(
            message.length() <= MESSAGE_CHARACTERS
                ? message
                : message.substring(0, MESSAGE_CHARACTERS) + "...")
        .withCause(failure);
  }

  /** The code of a reason. */
  public static Status.Code toCode(Reason reason) {
    return CODES.getOrDefault(reason, Status.Code.INTERNAL);
  }

  /** The reason of a code. */
  public static Reason toReason(Status.Code code) {
    return REASONS.getOrDefault(code, Reason.INTERNAL);
  }

  /** The failure that a call ended with; anything that is no status is INTERNAL. */
  public static EndpointException toException(Throwable failure) {
    if (failure instanceof EndpointException known) {
      return known;
    }
    if (failure instanceof StatusRuntimeException call) {
      return toException(call.getStatus(), call);
    }
    if (failure instanceof StatusException call) {
      return toException(call.getStatus(), call);
    }
    return new EndpointException(Reason.INTERNAL, failure.toString(), failure);
  }

  private static EndpointException toException(Status status, Throwable call) {
    Reason reason = isForgotten(status) ? Reason.NOT_FOUND : toReason(status.getCode());
    return new EndpointException(reason, message(status), call);
  }

  /** NSM's managers have no code for an endpoint that is registered no more, only words. */
  private static boolean isForgotten(Status status) {
    return status.getCode() == Status.Code.UNKNOWN
        && status.getDescription() != null
        && FORGOTTEN.matcher(status.getDescription()).find();
  }

  /** The failure of the other side, or of the way to it. */
  private static String message(Status status) {
    String description = status.getDescription();
    Throwable cause = status.getCause();
    String own = description == null ? status.getCode().name() : plain(description);
    return cause == null || cause.getMessage() == null ? own : own + ": " + cause.getMessage();
  }

  /** In our words what gRPC for Java says of itself. */
  private static String plain(String description) {
    String happened = HANDLERS.matcher(description).replaceAll("");
    Matcher late = LATE.matcher(happened);
    return late.matches() ? "no answer within %s s".formatted(late.group(1)) : happened;
  }

  /** The message of a failure's innermost cause, to be put into a sentence; may be empty. */
  public static String rootMessage(Status status) {
    String message = Optional.ofNullable(status.getDescription()).orElse("");
    for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
      message = Optional.ofNullable(cause.getMessage()).orElse(message);
    }
    return message.isEmpty()
        ? message
        : Character.toLowerCase(message.charAt(0)) + message.substring(1);
  }

  private static Map<Reason, Status.Code> codes() {
    Map<Reason, Status.Code> codes = new EnumMap<>(Reason.class);
    codes.put(Reason.INVALID, Status.Code.INVALID_ARGUMENT);
    codes.put(Reason.UNAUTHENTICATED, Status.Code.UNAUTHENTICATED);
    codes.put(Reason.DENIED, Status.Code.PERMISSION_DENIED);
    codes.put(Reason.NOT_FOUND, Status.Code.NOT_FOUND);
    codes.put(Reason.CONFLICT, Status.Code.ALREADY_EXISTS);
    codes.put(Reason.EXHAUSTED, Status.Code.RESOURCE_EXHAUSTED);
    codes.put(Reason.UNAVAILABLE, Status.Code.UNAVAILABLE);
    codes.put(Reason.DEADLINE, Status.Code.DEADLINE_EXCEEDED);
    codes.put(Reason.CANCELLED, Status.Code.CANCELLED);
    codes.put(Reason.INTERNAL, Status.Code.INTERNAL);
    return codes;
  }

  private static Map<Status.Code, Reason> reasons() {
    Map<Status.Code, Reason> reasons = new EnumMap<>(Status.Code.class);
    CODES.forEach((reason, code) -> reasons.put(code, reason));
    reasons.put(Status.Code.OUT_OF_RANGE, Reason.INVALID);
    reasons.put(Status.Code.FAILED_PRECONDITION, Reason.CONFLICT);
    reasons.put(Status.Code.ABORTED, Reason.UNAVAILABLE);
    // Peers in Go answer this to any failure that they did not name, most of them passing ones.
    reasons.put(Status.Code.UNKNOWN, Reason.UNAVAILABLE);
    return reasons;
  }
}
