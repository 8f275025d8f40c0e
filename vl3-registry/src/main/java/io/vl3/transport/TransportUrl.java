package io.vl3.transport;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where something listens: {@code unix:///PATH} or {@code tcp://HOST:PORT}. */
public sealed interface TransportUrl {

  /** The accepted forms of URLs. */
  String EXPECTED = "unix:///PATH or tcp://HOST:PORT";

  /**
   * Parses a URL strictly.
   *
   * @throws IllegalArgumentException if the text is neither form; the message shows it
   */
  static TransportUrl parse(String text) {
    if (text.startsWith(Unix.SCHEME)) {
      return Unix.parse(text);
    }
    if (text.startsWith(Tcp.SCHEME)) {
      return Tcp.parse(text);
    }
    throw new IllegalArgumentException("url: %s (expected: %s)".formatted(text, EXPECTED));
  }

  /**
   * A unix socket in the file system.
   *
   * @param path absolute, without {@code .} and {@code ..}, at most 106 bytes
   */
  record Unix(Path path) implements TransportUrl {

    private static final String SCHEME = "unix://";

    /**
     * The longest path that Java takes: one byte less than the kernel's {@code sockaddr_un} has
     * room for.
     */
    private static final int MAX_BYTES = 106;

    /** Refuses paths that no socket can have. */
    public Unix {
      int bytes = bytes(path.toString());
      if (!path.isAbsolute() || !path.normalize().equals(path) || path.getFileName() == null) {
        throw new IllegalArgumentException(
            "url: %s%s (expected: an absolute path without . and ..)".formatted(SCHEME, path));
      }
      if (bytes > MAX_BYTES) {
        throw new IllegalArgumentException(
            "url: %s%s (expected: a path of at most %d bytes) [has %d]"
                .formatted(SCHEME, path, MAX_BYTES, bytes));
      }
    }

    /**
     * A socket in a directory of ours.
     *
     * @throws EndpointException INVALID, naming the directory, if its path is too long for that
     */
    public static Unix in(Path directory, String name) throws EndpointException {
      Path absolute = directory.toAbsolutePath().normalize();
      int longest = MAX_BYTES - bytes(name) - 1;
      if (bytes(absolute.toString()) > longest) {
        throw new EndpointException(
            Reason.INVALID,
            "run directory: %s (expected: at most %d bytes, as its socket %s may have %d) [has %d]"
                .formatted(absolute, longest, name, MAX_BYTES, bytes(absolute.toString())));
      }
      return new Unix(absolute.resolve(name));
    }

    private static int bytes(String text) {
      return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static Unix parse(String text) {
      try {
        return new Unix(Path.of(text.substring(SCHEME.length())));
      } catch (InvalidPathException invalid) {
        throw new IllegalArgumentException("url: %s (expected: a path)".formatted(text), invalid);
      }
    }

    @Override
    public String toString() {
      return SCHEME + path;
    }
  }

  /**
   * A TCP port.
   *
   * @param host a name, an IPv4 address, or an IPv6 address without brackets
   * @param port 0 to 65535; 0 lets a server take any
   */
  record Tcp(String host, int port) implements TransportUrl {

    private static final String SCHEME = "tcp://";
    private static final Pattern FORM =
        Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9_.-]+)):(0|[1-9][0-9]{0,4})");

    /** Refuses ports out of range. */
    public Tcp {
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException("port: %d (expected: 0..65535)".formatted(port));
      }
    }

    private static Tcp parse(String text) {
      Matcher matcher = FORM.matcher(text.substring(SCHEME.length()));
      if (!matcher.matches()) {
        throw new IllegalArgumentException("url: %s (expected: %s)".formatted(text, EXPECTED));
      }
      String v6 = matcher.group(1);
      try {
        return new Tcp(v6 == null ? matcher.group(2) : v6, Integer.parseInt(matcher.group(3)));
      } catch (IllegalArgumentException outOfRange) {
        throw new IllegalArgumentException(
            "url: %s (expected: a port 0..65535)".formatted(text), outOfRange);
      }
    }

    @Override
    public String toString() {
      return SCHEME + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }
}
