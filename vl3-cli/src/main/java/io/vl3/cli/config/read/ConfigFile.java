package io.vl3.cli.config.read;

import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.config.ClientConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.mistake.ConfigException;
import io.vl3.cli.config.mistake.Mistake;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a configuration file for a command. */
public final class ConfigFile {

  /** Where the original looks. */
  public static final Path STANDARD = Path.of("/etc/universal-cnf/config.yaml");

  /** Far beyond any configuration; the parser would take minutes for some megabytes. */
  private static final int MAX_BYTES = 1 << 20;

  private ConfigFile() {}

  /**
   * The configuration, checked.
   *
   * @throws CliException with every mistake, or because the file cannot be read
   */
  public static Vl3Config load(Path file, Map<String, String> environment, Overrides overrides) {
    try {
      return isPodOfNsm(file, environment)
          ? ConfigReader.read(Origin.POD, POD, environment, overrides)
          : ConfigReader.read(file.toString(), text(file), environment, overrides);
    } catch (ConfigException e) {
      throw new CliException(
          ExitCode.USAGE,
          heading(name(file, environment), e.mistakes()) + "\n" + e.getMessage(),
          HELP,
          e);
    }
  }

  /** The name of a configuration that was loaded so. */
  public static String name(Path file, Map<String, String> environment) {
    return isPodOfNsm(file, environment)
        ? "environment (there is no %s)".formatted(file)
        : file.toString();
  }

  /**
   * What of a file concerns who provides no endpoint, or what the environment says without one.
   *
   * @throws CliException with every mistake, or because the file cannot be read
   */
  public static ClientConfig loadClient(
      Optional<Path> file, Map<String, String> environment, Overrides overrides) {
    String named = file.map(Path::toString).orElse("environment");
    try {
      return ConfigReader.readClient(
          named, file.map(ConfigFile::text).orElse("{}"), environment, overrides);
    } catch (ConfigException e) {
      throw new CliException(
          ExitCode.USAGE, heading(named, e.mistakes()) + "\n" + e.getMessage(), HELP, e);
    }
  }

  private static final String HELP =
      "Nothing was started. Correct the above; `vl3 config schema` prints the file's JSON schema.";

  /** The defaults of NSM's own vL3; its variables say the rest. */
  private static final String POD =
      """
      endpoints:
      - name: vL3
        vl3:
          ipam: {prefixServers: ["tcp://vl3-ipam:5006"]}
          dns: {templates: ['{{ index .Labels "podName" }}.{{ .NetworkService }}.']}
      nsm: {api: v1, connectTo: "unix:///var/lib/networkservicemesh/nsm.io.sock"}
      """;

  /** A pod that is set up for NSM's own vL3 has no file: only variables. */
  private static boolean isPodOfNsm(Path file, Map<String, String> environment) {
    return file.equals(STANDARD)
        && !Files.exists(file)
        && Stream.of("NSM_NAME", "NSM_SERVICE_NAMES", "NSM_PREFIX_SERVER_URL")
            .anyMatch(variable -> !environment.getOrDefault(variable, "").isBlank());
  }

  private static String heading(String file, List<Mistake> mistakes) {
    int count = mistakes.size();
    return "%s: %d mistake%s".formatted(file, count, count == 1 ? "" : "s");
  }

  private static String text(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new CliException(
            ExitCode.USAGE, "%s: longer (expected: at most 1 MiB)".formatted(file), "");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      throw new CliException(
          ExitCode.NOT_FOUND, file + ": no such file", "Name it with --config FILE.", e);
    } catch (AccessDeniedException e) {
      throw new CliException(ExitCode.FAILED, file + ": not readable: permission denied", "", e);
    } catch (CharacterCodingException e) {
      throw new CliException(ExitCode.USAGE, file + ": no text (expected: UTF-8)", "", e);
    } catch (IOException e) {
      throw new CliException(ExitCode.FAILED, file + ": not readable: " + e.getMessage(), "", e);
    }
  }
}
