package io.vl3.cli.command;

import io.vl3.cli.assembly.Nses;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.EndpointException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code vl3 run --verify} says: the choice of NSM, and the chains that would be built. */
final class ChainText {

  private ChainText() {}

  static String of(Path file, Vl3Config config) throws EndpointException {
    StringBuilder text = new StringBuilder();
    text.append("%s: no mistakes%n".formatted(file));
    text.append("NSM: %s%n".formatted(config.nsm().choice()));
    text.append("data plane: %s%n".formatted(config.dataplane()));
    for (EndpointConfig endpoint : config.endpoints()) {
      append(text, config, endpoint);
    }
    return text.toString();
  }

  /** The own prefixes, or where they come from. */
  static String prefixes(EndpointConfig endpoint) {
    List<?> own = endpoint.ipam().ownPrefixes();
    return own.isEmpty()
        ? "none yet, " + endpoint.ipam().choice().why()
        : own.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  private static void append(StringBuilder text, Vl3Config config, EndpointConfig endpoint)
      throws EndpointException {
    text.append(
        "%nendpoint %s of network service %s: prefix %s (%s)%n"
            .formatted(
                endpoint.name(),
                endpoint.service(),
                prefixes(endpoint),
                endpoint.ipam().choice().why()));
    for (Description chain : Nses.describe(config, endpoint)) {
      append(text, chain);
    }
  }

  private static void append(StringBuilder text, Description chain) {
    text.append("  chain %s:%n".formatted(chain.name()));
    for (Description element : chain.flatten()) {
      text.append(
          "    %-22s %s%n".formatted(element.name(), element.purpose()).replaceAll(" +\n", "\n"));
    }
  }
}
