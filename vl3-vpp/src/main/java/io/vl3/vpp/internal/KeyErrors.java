package io.vl3.vpp.internal;

import io.vl3.failure.Reason;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the agent's list of failures: {@code KeyErrors: [KEY (OPERATION): ERROR, KEY ...]}. The
 * error is free text, so this class searches for a key and does not take the list apart. The key is
 * an object's, or that of a part of an interface: {@code vpp/interface/NAME/PART}.
 */
final class KeyErrors {

  private static final Pattern NEXT = Pattern.compile(", (config|vpp)/\\S+ \\(");

  /** VPP's numbers for an address that something else of it has. */
  private static final Pattern ADDRESS_IN_USE = Pattern.compile("\\((-105|-114|-127)\\)");

  private static final String ENABLED_ALREADY = "-170";

  private static final String NAT_FROM_BEFORE =
      ": VPP's NAT is enabled from before the agent was started, which cannot take it over"
          + " (expected: disabled) [once: vppctl nat44 plugin disable, or restart VPP]";

  private KeyErrors() {}

  /** The error of an object, or of a part, which it then names; empty if the list has neither. */
  static Optional<String> of(String message, Item item) {
    return ofKey(message, item.key())
        .or(() -> ofPart(message, item))
        .map(why -> withAdvice(item, why));
  }

  /**
   * VPP's NAT stays enabled when an agent ends, and the next agent neither takes it over nor can be
   * brought to disable it.
   */
  private static String withAdvice(Item item, String why) {
    return item.kind() == ItemKind.NAT_GLOBAL && why.contains(ENABLED_ALREADY)
        ? why + NAT_FROM_BEFORE
        : why;
  }

  /** The error of a key; empty if the list does not name it. */
  static Optional<String> ofKey(String message, String key) {
    int begin = message.indexOf(key + " (");
    return begin < 0 ? Optional.empty() : error(message, begin);
  }

  private static Optional<String> ofPart(String message, Item item) {
    String owner = "vpp/interface/" + item.name() + "/";
    int begin = item.kind() == ItemKind.INTERFACE ? message.indexOf(owner) : -1;
    int end = begin < 0 ? -1 : message.indexOf(" (", begin);
    if (end < 0) {
      return Optional.empty();
    }
    String part = message.substring(begin + owner.length(), end);
    return error(message, begin).map(why -> part + ": " + why);
  }

  private static Optional<String> error(String message, int begin) {
    int text = message.indexOf("): ", begin);
    if (text < 0) {
      return Optional.empty();
    }
    String rest = message.substring(text + "): ".length());
    Matcher next = NEXT.matcher(rest);
    if (next.find()) {
      return Optional.of(rest.substring(0, next.start()));
    }
    return Optional.of(rest.endsWith("]") ? rest.substring(0, rest.length() - 1) : rest);
  }

  /** The reason, as far as the agent's words show it. */
  static Reason reason(String error) {
    if (error.contains("invalid") || error.contains("must ")) {
      return Reason.INVALID;
    }
    return existsAlready(error) || ADDRESS_IN_USE.matcher(error).find()
        ? Reason.CONFLICT
        : Reason.UNAVAILABLE;
  }

  /** Whether the object itself is there already. */
  static boolean existsAlready(String error) {
    return !ADDRESS_IN_USE.matcher(error).find()
        && (error.contains("exist (-81)") || error.contains("already"));
  }
}
