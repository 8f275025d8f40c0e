package io.vl3.transport.internal.unix;

import io.vl3.connection.Caller;
import io.vl3.transport.internal.socket.SocketNumber;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * The process at the other side of a unix socket: of an accepted one as the kernel vouches for it,
 * else by where it listens. gRPC hands it to calls as the remote address, with the files that its
 * connection passes.
 */
public final class UnixPeer extends SocketAddress {

  private static final long serialVersionUID = 1;

  private final String identity;
  private final transient ConnectionFiles files = new ConnectionFiles();

  private UnixPeer(String identity) {
    this.identity = identity;
  }

  /** The server that we connect to. */
  static UnixPeer server() {
    return new UnixPeer("server");
  }

  /** The files passed by the connection to an address; empty if that is none of ours. */
  static Optional<ConnectionFiles> filesOf(@Nullable SocketAddress address) {
    return address instanceof UnixPeer peer && SocketNumber.isKnown()
        ? Optional.of(peer.files)
        : Optional.empty();
  }

  public Caller caller() {
    return new Caller(identity);
  }

  ConnectionFiles files() {
    return files;
  }

  @Override
  public String toString() {
    return "unix peer " + identity;
  }

  /** The users that may connect: the one that serves, and root. */
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
