package io.vl3.nsm.manager;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.Reason;
import io.vl3.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** The settings of a machine's manager on disk: written whole or not at all, mode 0600. */
final class SettingsFile {

  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path path;

  SettingsFile(Path path) {
    this.path = path;
  }

  /** What is there; nothing if there is no file. */
  ManagerSettings read() throws EndpointException {
    if (!Files.exists(path)) {
      return ManagerSettings.NONE;
    }
    try {
      JsonNode root = JSON.readTree(path.toFile());
      if (root.path("version").asInt() != VERSION) {
        throw new IllegalArgumentException(
            "version: %s (expected: %d)".formatted(root.path("version"), VERSION));
      }
      return new ManagerSettings(
          text(root, "name"),
          text(root, "listenOn"),
          text(root, "tunnelAddress").map(IpAddress::parse),
          number(root, "tunnelPort"),
          number(root, "underlayMtuBytes"));
    } catch (IOException | IllegalArgumentException failure) {
      throw new EndpointException(
          Reason.INVALID,
          "%s: unreadable (expected: as a manager wrote it) [%s]"
              .formatted(path, failure.getMessage()),
          failure);
    }
  }

  void write(ManagerSettings settings) throws EndpointException {
    ObjectNode root = JSON.createObjectNode().put("version", VERSION);
    settings.name().ifPresent(value -> root.put("name", value));
    settings.listenOn().ifPresent(value -> root.put("listenOn", value));
    settings.tunnelAddress().ifPresent(value -> root.put("tunnelAddress", value.toString()));
    settings.tunnelPort().ifPresent(value -> root.put("tunnelPort", value));
    settings.underlayMtuBytes().ifPresent(value -> root.put("underlayMtuBytes", value));
    try {
      Path written =
          Files.createTempFile(
              path.toAbsolutePath().getParent(),
              "manager",
              ".json",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(written, root.toPrettyString() + "\n");
      Files.move(
          written, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new EndpointException(
          Reason.UNAVAILABLE, "%s: not written [%s]".formatted(path, failure), failure);
    }
  }

  private static Optional<String> text(JsonNode root, String key) {
    return root.path(key).isTextual() ? Optional.of(root.path(key).asText()) : Optional.empty();
  }

  private static Optional<Integer> number(JsonNode root, String key) {
    return root.path(key).isInt() ? Optional.of(root.path(key).asInt()) : Optional.empty();
  }
}
