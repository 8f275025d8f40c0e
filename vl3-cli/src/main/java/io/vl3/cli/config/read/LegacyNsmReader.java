package io.vl3.cli.config.read;

import io.vl3.cli.config.LegacyNsmConfig;
import io.vl3.cli.config.file.Section;
import io.vl3.cli.config.mistake.Located;
import io.vl3.cli.config.text.Parsers;
import io.vl3.cli.config.variables.Environment;
import io.vl3.nsm.legacy.Workspace;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads {@code nsm.v02}, with the variables of the original's pod. */
final class LegacyNsmReader {

  /** The original's, where only the other of the two is set. */
  private static final String REGISTRY_HOST = "nsmgr.nsm-system";

  private static final String REGISTRY_PORT = "5000";

  private static final Map<String, String> VARIABLES =
      Map.of(
          "workspace", "WORKSPACE",
          "serverSocket", "NSM_SERVER_SOCKET",
          "clientSocket", "NSM_CLIENT_SOCKET");

  private final Section section;
  private final Environment environment;

  LegacyNsmReader(Section nsm, Environment environment) {
    this.section = nsm.section("v02");
    this.environment = environment;
  }

  LegacyNsmConfig read() {
    Map<String, String> files = new HashMap<>();
    VARIABLES.forEach(
        (key, variable) -> file(key, variable).ifPresent(file -> files.put(variable, file)));
    Optional<String> manager = section.text("manager", Parsers::managerUrl).map(Located::value);
    return new LegacyNsmConfig(
        files.isEmpty() ? manager : Optional.empty(), Workspace.of(files), registry());
  }

  private Optional<String> file(String key, String variable) {
    Optional<String> said = section.text(key, Parsers::absolutePath).map(Located::value);
    return environment
        .text(variable, Parsers::absolutePath)
        .or(() -> said)
        .map(file -> Path.of(file).normalize().toString());
  }

  private Optional<String> registry() {
    Optional<String> said = section.text("registry", Parsers::hostPort).map(Located::value);
    Optional<String> host = environment.raw("NSREGISTRY_ADDR").filter(text -> !text.isBlank());
    Optional<String> port = environment.raw("NSREGISTRY_PORT").filter(text -> !text.isBlank());
    if (host.isEmpty() && port.isEmpty()) {
      return said.map(address -> "tcp://" + address);
    }
    String address = host.orElse(REGISTRY_HOST) + ":" + port.orElse(REGISTRY_PORT);
    String variable = host.isPresent() ? "NSREGISTRY_ADDR" : "NSREGISTRY_PORT";
    return environment.text(variable, given -> "tcp://" + Parsers.hostPort(address));
  }
}
