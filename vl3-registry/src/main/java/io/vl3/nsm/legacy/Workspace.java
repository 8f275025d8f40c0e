package io.vl3.nsm.legacy;

import io.vl3.transport.TransportUrl;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a manager of the 0.2 API gives a process: a directory, in which the sockets of MEMIF links
 * are, too.
 *
 * @param directory where files of mechanisms lie that are named without a directory
 * @param serverSocket where the manager serves registry and network service
 * @param clientSocket where an endpoint has to listen
 */
public record Workspace(Path directory, Path serverSocket, Path clientSocket) {

  /** What a manager uses unless it was started otherwise, and so does the original. */
  public static final Path DEFAULT_DIRECTORY = Path.of("/var/lib/networkservicemesh");

  private static final String SERVER_SOCKET = "nsm.server.io.sock";
  private static final String CLIENT_SOCKET = "nsm.client.io.sock";

  /** A directory with the sockets that a manager makes there. */
  public static Workspace in(Path directory) {
    return new Workspace(
        directory, directory.resolve(SERVER_SOCKET), directory.resolve(CLIENT_SOCKET));
  }

  /**
   * The workspace of a pod.
   *
   * @param variables of which {@code WORKSPACE}, {@code NSM_SERVER_SOCKET} and {@code
   *     NSM_CLIENT_SOCKET} are looked at; what is missing is as in {@link #in}
   */
  public static Workspace of(Map<String, String> variables) {
    Workspace usual = in(file(variables, "WORKSPACE").orElse(DEFAULT_DIRECTORY));
    return new Workspace(
        usual.directory,
        file(variables, "NSM_SERVER_SOCKET").orElse(usual.serverSocket),
        file(variables, "NSM_CLIENT_SOCKET").orElse(usual.clientSocket));
  }

  private static Optional<Path> file(Map<String, String> variables, String name) {
    return Optional.ofNullable(variables.get(name))
        .filter(value -> !value.isBlank())
        .map(value -> Path.of(value).normalize());
  }

  /** The manager's socket as a URL. */
  public TransportUrl.Unix manager() {
    return new TransportUrl.Unix(serverSocket);
  }

  /** Where an endpoint listens, as a URL. */
  public TransportUrl.Unix listenOn() {
    return new TransportUrl.Unix(clientSocket);
  }
}
