package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Answers mechanism KERNEL: the forwarder shall make an interface in our network namespace. Its
 * name follows from our id of the connection, so that it is the same after a restart.
 */
public final class OfferKernelInterface implements Endpoint {

  private static final Pattern PREFIX = Pattern.compile("[a-zA-Z][a-zA-Z0-9_-]{0,4}");

  /** IFNAMSIZ of linux/if.h, less the closing zero. */
  private static final int NAME_LENGTH = 15;

  private static final String DIGITS = "0123456789abcdefghijklmnopqrstuv";

  private static final Key<String> NAME = Key.named("interface name");

  private final String netnsUrl;
  private final String namePrefix;

  /**
   * An element.
   *
   * @param netnsUrl our network namespace as {@code file://PATH} or {@code inode://DEV/INO}
   * @param namePrefix how names begin: a letter, then up to 4 letters, digits, {@code _} or {@code
   *     -}; at least 50 bits of the name then tell connections apart
   */
  public OfferKernelInterface(String netnsUrl, String namePrefix) {
    if (!PREFIX.matcher(namePrefix).matches()) {
      throw new IllegalArgumentException(
          "namePrefix: %s (expected: 1 to 5 characters, %s)"
              .formatted(namePrefix, PREFIX.pattern()));
    }
    this.netnsUrl = netnsUrl;
    this.namePrefix = namePrefix;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    String name =
        session.get(NAME).orElseGet(() -> interfaceName(request.connection().requireId()));
    session.put(NAME, name);
    Mechanism chosen =
        kernelAsked(request)
            .orElseThrow(() -> refusal(request))
            .with(Mechanism.INODE_URL, netnsUrl)
            .with(Mechanism.NAME, name);
    return next.request(request.mapConnection(connection -> connection.withMechanism(chosen)));
  }

  @Override
  public Description description() {
    return Description.of(this).doing("answers mechanism KERNEL").after(UpdatePath.class);
  }

  /** The name of the interface of a connection. */
  public String interfaceName(ConnectionId id) {
    byte[] digest = sha256(id.value());
    StringBuilder text = new StringBuilder(namePrefix);
    for (int i = 0; text.length() < NAME_LENGTH; i++) {
      text.append(DIGITS.charAt(digest[i] & 31));
    }
    return text.toString();
  }

  private static Optional<Mechanism> kernelAsked(ConnectionRequest request) {
    Stream<Mechanism> offered =
        Stream.concat(
            request.mechanismPreferences().stream(), request.connection().mechanism().stream());
    return offered.filter(mechanism -> mechanism.type().equals(Mechanism.KERNEL)).findFirst();
  }

  private static EndpointException refusal(ConnectionRequest request) {
    return new EndpointException(
        Reason.INVALID,
        "mechanism_preferences: %s (expected: %s among them)"
            .formatted(
                request.mechanismPreferences().stream().map(Mechanism::type).toList(),
                Mechanism.KERNEL));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("SHA-256: absent (expected: in every JDK)", missing);
    }
  }
}
