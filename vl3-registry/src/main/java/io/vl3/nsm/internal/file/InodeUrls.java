package io.vl3.nsm.internal.file;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.failure.EndpointException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The files that mechanisms name: {@code file://PATH} here, {@code inode://DEV/INO} on the way. */
public final class InodeUrls {

  private static final String FILE = "file://";
  private static final String INODE = "inode://";

  private InodeUrls() {}

  /** Another name of a file. */
  interface Renaming {
    String rename(String url) throws EndpointException;
  }

  /** The files that a request names by inode. */
  static Set<String> of(ConnectionRequest request) {
    Set<String> urls = new LinkedHashSet<>();
    Stream.concat(
            request.connection().mechanism().stream(), request.mechanismPreferences().stream())
        .forEach(mechanism -> url(mechanism).filter(InodeUrls::isInode).ifPresent(urls::add));
    return urls;
  }

  /** The file that an answer names by inode. */
  static Set<String> of(Connection answer) {
    return of(new ConnectionRequest(answer, List.of()));
  }

  public static boolean isInode(String url) {
    return url.startsWith(INODE);
  }

  static Optional<Path> fileOf(String url) {
    return url.startsWith(FILE)
        ? Optional.of(Path.of(url.substring(FILE.length())))
        : Optional.empty();
  }

  static ConnectionRequest rename(ConnectionRequest request, Renaming renaming)
      throws EndpointException {
    List<Mechanism> preferences = new ArrayList<>();
    for (Mechanism preference : request.mechanismPreferences()) {
      preferences.add(rename(preference, renaming));
    }
    return new ConnectionRequest(rename(request.connection(), renaming), preferences);
  }

  static Connection rename(Connection connection, Renaming renaming) throws EndpointException {
    Optional<Mechanism> mechanism = connection.mechanism();
    return mechanism.isPresent()
        ? connection.withMechanism(rename(mechanism.get(), renaming))
        : connection;
  }

  private static Mechanism rename(Mechanism mechanism, Renaming renaming) throws EndpointException {
    Optional<String> url = url(mechanism);
    if (url.isEmpty()) {
      return mechanism;
    }
    String changed = renaming.rename(url.get());
    return changed.equals(url.get()) ? mechanism : mechanism.with(Mechanism.INODE_URL, changed);
  }

  private static Optional<String> url(Mechanism mechanism) {
    return mechanism.parameter(Mechanism.INODE_URL);
  }
}
