package io.vl3.nsm.manager;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.process.DurableFile;
import io.vl3.net.IpAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tenure of a machine's manager on disk: written whole or not at all, mode 0600, with a
 * checksum, so that a file in which a byte is wrong is one that is not there.
 */
final class SettingsFile {

  private static final Logger LOG = LoggerFactory.getLogger(SettingsFile.class);
  private static final int VERSION = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path path;

  SettingsFile(Path path) {
    this.path = path;
  }

  /**
   * The file's content; nothing if there is no file, or a damaged one, for which a warning is
   * logged.
   */
  Tenure read() {
    try {
      return parse();
    } catch (IOException | RuntimeException damaged) {
      LOG.warn("{}: left out, and written anew: {}", path, firstLine(damaged));
      return Tenure.NONE;
    }
  }

  /** The file's content; nothing if there is no file, or a damaged one. */
  Tenure look() {
    try {
      return parse();
    } catch (IOException | RuntimeException damaged) {
      LOG.debug("{}: left out: {}", path, firstLine(damaged));
      return Tenure.NONE;
    }
  }

  private Tenure parse() throws IOException {
    if (!Files.exists(path)) {
      return Tenure.NONE;
    }
    JsonNode root = JSON.readTree(Files.readAllBytes(path));
    if (!(root instanceof ObjectNode object)) {
      throw new IllegalArgumentException("content: (expected: an object)");
    }
    JsonNode sum = object.remove("checksum");
    if (object.path("version").asInt() != VERSION) {
      throw new IllegalArgumentException(
          "version: %s (expected: %d)".formatted(object.path("version"), VERSION));
    }
    if (sum == null || !sum.isTextual() || !sum.asText().equals(checksum(object))) {
      throw new IllegalArgumentException("checksum: %s (expected: its content's)".formatted(sum));
    }
    ManagerSettings.Builder settings = ManagerSettings.builder();
    text(object, "name").ifPresent(settings::name);
    text(object, "listenOn").ifPresent(settings::listenOn);
    text(object, "tunnelAddress").map(IpAddress::parse).ifPresent(settings::tunnelAddress);
    number(object, "tunnelPort").ifPresent(settings::tunnelPort);
    number(object, "underlayMtuBytes").ifPresent(settings::underlayMtuBytes);
    flag(object, "insecure").ifPresent(settings::insecure);
    return new Tenure(
        settings.build(),
        object.path("process").asLong(),
        object.path("brought").asBoolean(),
        object.path("reachable").asBoolean());
  }

  /**
   * Replaces what is there.
   *
   * @throws EndpointException UNAVAILABLE if the disk takes nothing
   */
  void write(Tenure tenure) throws EndpointException {
    ObjectNode root = JSON.createObjectNode().put("version", VERSION);
    ManagerSettings settings = tenure.settings();
    settings.name().ifPresent(value -> root.put("name", value));
    settings.listenOn().ifPresent(value -> root.put("listenOn", value));
    settings.tunnelAddress().ifPresent(value -> root.put("tunnelAddress", value.toString()));
    settings.tunnelPort().ifPresent(value -> root.put("tunnelPort", value));
    settings.underlayMtuBytes().ifPresent(value -> root.put("underlayMtuBytes", value));
    settings.insecure().ifPresent(value -> root.put("insecure", value));
    root.put("process", tenure.process());
    root.put("brought", tenure.brought());
    root.put("reachable", tenure.reachable());
    root.put("checksum", checksum(root));
    byte[] content = (root.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      DurableFile.replace(path, path.resolveSibling(path.getFileName() + ".new"), content);
    } catch (IOException failure) {
      throw new EndpointException(
          Reason.UNAVAILABLE, "%s: not written [%s]".formatted(path, failure), failure);
    }
  }

  /** Over the content as text, so that blanks between do not count. */
  private static String checksum(ObjectNode root) {
    CRC32C sum = new CRC32C();
    sum.update(root.toString().getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(sum.getValue());
  }

  /** A parser's message goes on for lines. */
  private static String firstLine(Exception failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  private static Optional<String> text(JsonNode root, String key) {
    return root.path(key).isTextual() ? Optional.of(root.path(key).asText()) : Optional.empty();
  }

  private static Optional<Integer> number(JsonNode root, String key) {
    return root.path(key).isInt() ? Optional.of(root.path(key).asInt()) : Optional.empty();
  }

  private static Optional<Boolean> flag(JsonNode root, String key) {
    return root.path(key).isBoolean() ? Optional.of(root.path(key).asBoolean()) : Optional.empty();
  }
}
