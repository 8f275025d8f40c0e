package io.vl3.cli.diagnose.scene;

import io.vl3.linux.Netns;
import io.vl3.transport.TransportUrl;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * Whether somebody listens at an address, as a connection finds it.
 *
 * @param outcome what came of it
 * @param text the same in words, as they follow the address
 */
public record Door(Outcome outcome, String text) {

  private static final int PATIENCE_MILLIS = 2_000;

  /** The possible outcomes. */
  public enum Outcome {
    /** A connection was taken. */
    OPEN,
    /** There is no such file, or no host of the name. */
    ABSENT,
    /** A file that is no socket. */
    NO_SOCKET,
    /** Nobody listens. */
    REFUSED,
    /** Nothing came back. */
    SILENT,
    /** It could not be tried, for another reason. */
    FAILED
  }

  /** Whether a connection was taken. */
  public boolean open() {
    return outcome == Outcome.OPEN;
  }

  /**
   * Connects, and closes at once. Blocks for two seconds at most.
   *
   * @param from where it is connected from
   */
  public static Door knock(TransportUrl url, Netns from) {
    return url instanceof TransportUrl.Unix unix
        ? knock(unix.path())
        : tcp((TransportUrl.Tcp) url, from);
  }

  /** The same for a unix socket. */
  public static Door knock(Path socket) {
    if (!Files.exists(socket)) {
      return new Door(Outcome.ABSENT, "there is no such file");
    }
    if (Files.isRegularFile(socket) || Files.isDirectory(socket)) {
      return new Door(Outcome.NO_SOCKET, "is a file and no socket");
    }
    try {
      SocketChannel.open(UnixDomainSocketAddress.of(socket)).close();
      return new Door(Outcome.OPEN, "takes connections");
    } catch (ConnectException refused) {
      return refused();
    } catch (IOException failure) {
      return failed(failure);
    }
  }

  private static Door tcp(TransportUrl.Tcp url, Netns from) {
    Callable<Door> knocking = () -> tcp(url.host(), url.port());
    if (from.equals(Netns.ofProcess())) {
      return tcp(url.host(), url.port());
    }
    try {
      return from.call(knocking);
    } catch (Exception failure) {
      return failed(failure);
    }
  }

  private static Door tcp(String host, int port) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      return new Door(Outcome.ABSENT, "no host has the name");
    }
    try (Socket socket = new Socket()) {
      socket.connect(address, PATIENCE_MILLIS);
      return new Door(Outcome.OPEN, "takes connections");
    } catch (SocketTimeoutException silent) {
      return new Door(
          Outcome.SILENT, "does not answer within %d s".formatted(PATIENCE_MILLIS / 1000));
    } catch (ConnectException refused) {
      return refused();
    } catch (IOException failure) {
      return failed(failure);
    }
  }

  private static Door refused() {
    return new Door(Outcome.REFUSED, "refuses connections: nobody listens there");
  }

  private static Door failed(Exception failure) {
    return new Door(Outcome.FAILED, "cannot be reached: " + failure.getMessage());
  }
}
