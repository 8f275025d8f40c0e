package io.vl3.vpp.internal;

import io.grpc.Status;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A call of the agent, or of VPP, that failed. */
public final class VppException extends Exception {

  private static final String DUMP = "Dump";

  /** The agent names a part of its own that asks VPP or Linux, and is not there. */
  private static final Pattern NO_HANDLER = Pattern.compile("(\\w+)Handler is not available");

  /**
   * VPP was started without a plugin that the agent asks about: the message begins with its name.
   */
  private static final Pattern UNKNOWN_MESSAGE =
      Pattern.compile("unknown message: ([a-z0-9]+)_\\w+");

  private static final String NO_VPP_PLUGIN =
      "plugin of VPP with messages %s_...: missing (expected: in VPP, the agent shows nothing"
          + " without) [Dump: %s]";

  private static final String NO_PLUGIN =
      "plugin %s: missing (expected: in the agent, it shows nothing without) [Dump: %s]";

  private static final String VPP_AWAY =
      "vpp-agent at %s: VPP behind it does not answer (expected: connected) [Dump: %s]";

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
  private final Map<String, String> reasons;

  private VppException(
      Kind kind, String message, @Nullable Throwable cause, Map<String, String> reasons) {
    super(message, cause);
    this.kind = kind;
    this.reasons = Map.copyOf(reasons);
  }

  VppException(Kind kind, String message, @Nullable Throwable cause) {
    this(kind, message, cause, Map.of());
  }

  /** There is no VPP, or it was lost on the way. */
  public static VppException away(String message, @Nullable Throwable cause) {
    return new VppException(Kind.AWAY, message, cause);
  }

  /** VPP did not answer in time. */
  public static VppException late(String message, @Nullable Throwable cause) {
    return new VppException(Kind.LATE, message, cause);
  }

  /**
   * VPP said no to some objects; all others are as wanted.
   *
   * @param reasons why, by key
   */
  public static VppException refused(Map<String, String> reasons) {
    return new VppException(Kind.REFUSED, String.join("; ", reasons.values()), null, reasons);
  }

  static VppException of(String agent, String method, Status status, Throwable cause) {
    return switch (status.getCode()) {
      case FAILED_PRECONDITION, INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNKNOWN ->
          new VppException(Kind.REFUSED, description(status), cause);
      case DEADLINE_EXCEEDED ->
          new VppException(
              Kind.LATE,
              "vpp-agent at %s: no answer to %s in time (expected: an answer)"
                  .formatted(agent, method),
              cause);
      case UNIMPLEMENTED ->
          new VppException(
              Kind.AWAY,
              "vpp-agent at %s: no ligato.configurator service (expected: vpp-agent 3.2 or later)"
                  .formatted(agent),
              cause);
      default ->
          new VppException(Kind.AWAY, "vpp-agent at %s: %s".formatted(agent, words(status)), cause);
    };
  }

  /** The failure of a call that only asks: nothing of it can be refused, so there is no answer. */
  static VppException ofQuestion(String agent, String method, Status status, Throwable cause) {
    VppException failure = of(agent, method, status, cause);
    return failure.kind() == Kind.REFUSED
        ? new VppException(
            Kind.AWAY, "vpp-agent at %s: %s: %s".formatted(agent, method, words(status)), cause)
        : failure;
  }

  /** The failure of a dump, which the agent can only answer by asking VPP. */
  static VppException ofDump(String agent, Status status, Throwable cause) {
    VppException failure = of(agent, DUMP, status, cause);
    if (failure.kind() != Kind.REFUSED) {
      return failure;
    }
    return missingPlugin(words(status))
        .map(missing -> unfit("vpp-agent at " + agent, missing))
        .orElseGet(
            () -> new VppException(Kind.AWAY, VPP_AWAY.formatted(agent, words(status)), cause));
  }

  /** A plugin without which the agent shows nothing of all that runs. */
  private static Optional<String> missingPlugin(String words) {
    Matcher handler = NO_HANDLER.matcher(words);
    if (handler.find()) {
      return Optional.of(NO_PLUGIN.formatted(handler.group(1).toLowerCase(Locale.ROOT), words));
    }
    Matcher message = UNKNOWN_MESSAGE.matcher(words);
    return message.find()
        ? Optional.of(NO_VPP_PLUGIN.formatted(message.group(1), words))
        : Optional.empty();
  }

  /** Something needed is missing. */
  public static VppException unfit(String subject, String objection) {
    return new VppException(Kind.UNFIT, "%s: %s".formatted(subject, objection), null);
  }

  /** Why an object, or a part of it, was refused; empty if that is not said. */
  Optional<String> of(Item item) {
    return Optional.ofNullable(reasons.get(item.key())).or(() -> KeyErrors.of(getMessage(), item));
  }

  /** Why an object was refused as a whole; empty if that is not said. */
  Optional<String> ofWhole(Item item) {
    return KeyErrors.ofKey(getMessage(), item.key());
  }

  /** How it failed. */
  public Kind kind() {
    return kind;
  }

  /** The failure as the caller of an endpoint gets it. */
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

  /** The words of the transport, down to the root. */
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
