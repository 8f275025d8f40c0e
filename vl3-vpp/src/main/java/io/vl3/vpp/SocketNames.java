package io.vl3.vpp;

import io.vl3.connection.Mechanism;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Translates the socket that a MEMIF mechanism names into the name that VPP uses: {@code @x}
 * becomes {@code abstract:x}, with the network namespace if it is not VPP's own. A relative file
 * lies in the common directory.
 *
 * @param netnsUrl VPP's own network namespace; empty: not known
 * @param directory where relative files lie; empty: there are none
 */
record SocketNames(Optional<String> netnsUrl, Optional<Path> directory) {

  private static final String FILE = "file://";
  private static final int LONGEST = 108;
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /** Names where neither namespace nor directory is known. */
  static final SocketNames PLAIN = new SocketNames(Optional.empty(), Optional.empty());

  /**
   * VPP's name of the mechanism's socket.
   *
   * @throws EndpointException INVALID naming the parameter, if there is none that VPP can open
   */
  String vppName(Mechanism mechanism) throws EndpointException {
    String told = mechanism.parameter(Mechanism.SOCKET_FILE).orElse("");
    if (CONTROL.matcher(told).find()) {
      throw invalid(
          Mechanism.SOCKET_FILE, CONTROL.matcher(told).replaceAll("?"), "no control characters");
    }
    String name = told.startsWith("@") ? abstractName(told, mechanism) : fileName(told);
    if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      throw invalid(
          Mechanism.SOCKET_FILE, told, "at most %d bytes as VPP writes it".formatted(LONGEST));
    }
    return name;
  }

  private String abstractName(String told, Mechanism mechanism) throws EndpointException {
    if (told.contains(",")) {
      throw invalid(Mechanism.SOCKET_FILE, told, "no comma, after which VPP reads more");
    }
    String name = "abstract:" + told.substring(1);
    Optional<String> its = mechanism.parameter(Mechanism.INODE_URL);
    if (its.isEmpty() || its.equals(netnsUrl)) {
      return name;
    }
    boolean plain = !its.get().contains(",") && !CONTROL.matcher(its.get()).find();
    if (!its.get().startsWith(FILE) || !plain) {
      throw invalid(
          Mechanism.INODE_URL,
          CONTROL.matcher(its.get()).replaceAll("?"),
          "file://PATH, which VPP can open");
    }
    return name + ",netns_name=" + its.get().substring(FILE.length());
  }

  private String fileName(String told) throws EndpointException {
    if (told.startsWith("/")) {
      return told;
    }
    boolean within = !told.isEmpty() && Path.of(told).normalize().equals(Path.of(told));
    return directory
        .filter(known -> within && !told.startsWith(".."))
        .map(known -> known.resolve(told).toString())
        .orElseThrow(
            () -> invalid(Mechanism.SOCKET_FILE, told, "@NAME, an absolute file, or a known name"));
  }

  private static EndpointException invalid(String parameter, String value, String expected) {
    return new EndpointException(
        Reason.INVALID,
        "mechanism.parameters.%s: '%s' (expected: %s)".formatted(parameter, value, expected));
  }
}
