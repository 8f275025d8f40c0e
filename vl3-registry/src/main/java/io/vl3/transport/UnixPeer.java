package io.vl3.transport;

import io.vl3.connection.Caller;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;

/** The process at the other side of an accepted unix socket, as the kernel vouches for it. */
final class UnixPeer extends SocketAddress {

  private static final long serialVersionUID = 1;

  private final String identity;

  private UnixPeer(String identity) {
    this.identity = identity;
  }

  Caller caller() {
    return new Caller(identity);
  }

  @Override
  public String toString() {
    return "unix peer " + identity;
  }

  /** Who may connect: the user that serves, and root. */
  record Allowed(UserPrincipal self, int selfUid, UserPrincipal root) {

    /** The owner of a file that this process has just made is the user that serves. */
    static Allowed byOwnerOf(Path made) throws IOException {
      return new Allowed(
          Files.getOwner(made),
          (Integer) Files.getAttribute(made, "unix:uid"),
          made.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("0"));
    }

    /** The peer of an accepted socket; empty if it may not connect. */
    Optional<UnixPeer> peer(SocketChannel accepted) throws IOException {
      return peer(accepted.getOption(ExtendedSocketOptions.SO_PEERCRED).user());
    }

    Optional<UnixPeer> peer(UserPrincipal user) {
      if (user.equals(self)) {
        return Optional.of(new UnixPeer("uid:" + selfUid));
      }
      return user.equals(root) ? Optional.of(new UnixPeer("uid:0")) : Optional.empty();
    }
  }
}
