package io.vl3.nsm.legacy;

import io.vl3.connection.Mechanism;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mechanisms as the 0.2 API has them: the kernel's is KERNEL_INTERFACE, and a network namespace is
 * told by its inode number alone.
 */
final class LegacyMechanisms {

  static final String KERNEL_INTERFACE = "KERNEL_INTERFACE";
  static final String NETNS_INODE = "netnsInode";
  static final String DESCRIPTION = "description";

  private static final Logger LOG = LoggerFactory.getLogger(LegacyMechanisms.class);

  private static final String OWN_NETNS = "/proc/self/ns/net";
  private static final Pattern INODE_URL =
      Pattern.compile("file://(?<path>/.*)|inode://\\d+/(?<inode>\\d+)");

  private LegacyMechanisms() {}

  /** A manager offers those of its forwarder by their types alone. */
  static Mechanism read(Mechanism told) {
    String type = told.type().equals(KERNEL_INTERFACE) ? Mechanism.KERNEL : told.type();
    String cls = told.cls().isBlank() ? Mechanism.LOCAL : told.cls();
    return new Mechanism(cls, type, told.parameters());
  }

  /**
   * Writes one.
   *
   * @param name the interface's name where the mechanism has none
   * @param description what the interface is, for people
   */
  static Mechanism write(Mechanism chosen, String name, String description) {
    Map<String, String> parameters = new HashMap<>(chosen.parameters());
    parameters.remove(Mechanism.INODE_URL);
    parameters.putIfAbsent(Mechanism.NAME, name);
    parameters.putIfAbsent(DESCRIPTION, description);
    String type = chosen.type();
    if (type.equals(Mechanism.KERNEL)) {
      type = KERNEL_INTERFACE;
    } else if (type.equals(Mechanism.MEMIF)) {
      parameters.putIfAbsent(Mechanism.SOCKET_FILE, name + "/memif.sock");
    }
    inode(chosen).ifPresent(inode -> parameters.put(NETNS_INODE, inode));
    return new Mechanism(chosen.cls(), type, parameters);
  }

  /** The namespace's inode; where none is named, that of this process. */
  private static Optional<String> inode(Mechanism chosen) {
    String url = chosen.parameter(Mechanism.INODE_URL).orElse("file://" + OWN_NETNS);
    Matcher matcher = INODE_URL.matcher(url);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String inode = matcher.group("inode");
    return inode == null ? inodeOf(matcher.group("path")) : Optional.of(inode);
  }

  private static Optional<String> inodeOf(String file) {
    try {
      return Optional.of(String.valueOf(Files.getAttribute(Path.of(file), "unix:ino")));
    } catch (IOException | InvalidPathException | UnsupportedOperationException failure) {
      LOG.warn("{}: no network namespace: {}", file, failure.getMessage());
      return Optional.empty();
    }
  }
}
