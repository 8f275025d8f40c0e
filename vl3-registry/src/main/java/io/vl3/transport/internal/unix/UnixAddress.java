package io.vl3.transport.internal.unix;

import java.net.SocketAddress;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a unix socket as gRPC can be given it: gRPC makes a URI of its text, in which
 * letters outside ASCII stand as URIs have them.
 */
public final class UnixAddress extends SocketAddress {

  private static final long serialVersionUID = 1;
  private static final Pattern OUTSIDE_ASCII = Pattern.compile("[^\\x00-\\x7f]+");

  private final UnixDomainSocketAddress address;

  private UnixAddress(UnixDomainSocketAddress address) {
    this.address = address;
  }

  /** The address of a socket file. */
  public static UnixAddress of(Path path) {
    return new UnixAddress(UnixDomainSocketAddress.of(path));
  }

  /** The address that the JDK connects to, of an address in either form. */
  static SocketAddress plain(SocketAddress any) {
    return any instanceof UnixAddress unix ? unix.address : any;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UnixAddress unix && address.equals(unix.address);
  }

  @Override
  public int hashCode() {
    return address.hashCode();
  }

  /** The path. */
  @Override
  public String toString() {
    return OUTSIDE_ASCII
        .matcher(address.toString())
        .replaceAll(
            found ->
                Matcher.quoteReplacement(URLEncoder.encode(found.group(), StandardCharsets.UTF_8)));
  }
}
