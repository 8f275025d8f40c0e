package io.vl3.nsm.manager;

import io.vl3.connection.Mechanism;
import io.vl3.dataplane.Attachment.KernelInterface;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.regex.Pattern;

/** Reads the parameters of a KERNEL mechanism. */
final class KernelParameters {

  /** The name of a client's interface unless it asks for another. */
  static final String DEFAULT_NAME = "nsm0";

  private static final Pattern NAME = Pattern.compile("[^\\s/:]{1,15}");
  private static final Pattern NETNS = Pattern.compile("file:///.+|inode://\\d+/\\d+");

  private KernelParameters() {}

  /** The interface that a mechanism names; the error says what is missing and who named it. */
  static KernelInterface read(Mechanism mechanism, String whose) throws EndpointException {
    String netns = mechanism.parameter(Mechanism.INODE_URL).orElse("");
    String name = mechanism.parameter(Mechanism.NAME).orElse(DEFAULT_NAME);
    if (!NETNS.matcher(netns).matches()) {
      throw invalid(whose, Mechanism.INODE_URL, netns, "file:///PATH or inode://DEV/INO");
    }
    if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw invalid(whose, Mechanism.NAME, name, "an interface name of 1 to 15 characters");
    }
    return new KernelInterface(netns, name);
  }

  static EndpointException invalid(String whose, String key, String value, String expected) {
    return new EndpointException(
        Reason.INVALID,
        "%s.parameters.%s: '%s' (expected: %s)".formatted(whose, key, value, expected));
  }
}
