package io.vl3.vpp.internal;

import io.grpc.Status;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.Reason;
import org.jspecify.annotations.Nullable;

/** A call of the agent that failed. */
public final class AgentException extends Exception {

  /** How it failed. */
  public enum Kind {
    /** The agent answered no, though it may have done a part. */
    REFUSED,
    /** The agent answered nothing in time: it hangs, or something waits. */
    LATE,
    /** There is no agent, or none that speaks the API; what it did is unknown. */
    AWAY,
    /** The agent does not know what is needed; it was asked for nothing. */
    UNFIT
  }

  private final Kind kind;

  AgentException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  static AgentException of(String agent, String method, Status status, Throwable cause) {
    return switch (status.getCode()) {
      case FAILED_PRECONDITION, INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNKNOWN ->
          new AgentException(Kind.REFUSED, description(status), cause);
      case DEADLINE_EXCEEDED ->
          new AgentException(
              Kind.LATE,
              "vpp-agent at %s: no answer to %s in time (expected: an answer)"
                  .formatted(agent, method),
              cause);
      case UNIMPLEMENTED ->
          new AgentException(
              Kind.AWAY,
              "vpp-agent at %s: no ligato.configurator service (expected: vpp-agent 3.2 or later)"
                  .formatted(agent),
              cause);
      default ->
          new AgentException(
              Kind.AWAY, "vpp-agent at %s: %s".formatted(agent, words(status)), cause);
    };
  }

  /** Of a call that only asks, of which nothing can be refused: there is no answer. */
  static AgentException ofQuestion(String agent, String method, Status status, Throwable cause) {
    AgentException failure = of(agent, method, status, cause);
    return failure.kind() == Kind.REFUSED
        ? new AgentException(
            Kind.AWAY, "vpp-agent at %s: %s: %s".formatted(agent, method, words(status)), cause)
        : failure;
  }

  static AgentException unfit(String agent, String objection) {
    return new AgentException(Kind.UNFIT, "vpp-agent at %s: %s".formatted(agent, objection), null);
  }

  /** How it failed. */
  public Kind kind() {
    return kind;
  }

  /** The failure as it is told to who asked. */
  public EndpointException toEndpointException() {
    Reason reason =
        switch (kind) {
          case REFUSED -> Reason.CONFLICT;
          case LATE -> Reason.DEADLINE;
          case AWAY, UNFIT -> Reason.UNAVAILABLE;
        };
    return new EndpointException(reason, getMessage(), this);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  private static String description(Status status) {
    return status.getDescription() == null ? status.getCode().name() : status.getDescription();
  }

  /** What the transport says, down to the root. */
  private static String words(Status status) {
    StringBuilder words = new StringBuilder();
    words.append(description(status));
    for (Throwable t = status.getCause(); t != null; t = t.getCause()) {
      String message = t.getMessage();
      if (message != null && words.indexOf(message) < 0) {
        words.append(": ").append(message);
      }
    }
    return words.toString();
  }
}
