package io.vl3.cli.config.read;

import io.vl3.cli.config.NsmChoice;
import io.vl3.cli.config.NsmChoice.Api;
import io.vl3.cli.config.mistake.Located;
import io.vl3.cli.config.mistake.Mistakes;
import io.vl3.cli.config.mistake.Position;
import io.vl3.cli.config.text.Parsers;
import io.vl3.cli.config.variables.Environment;
import java.util.Optional;

/** Decides which Network Service Mesh is used, and says why. */
final class NsmChooser {

  private final Environment environment;
  private final Overrides overrides;
  private final Origin origin;

  NsmChooser(Environment environment, Overrides overrides, Origin origin) {
    this.environment = environment;
    this.overrides = overrides;
    this.origin = origin;
  }

  NsmChoice choose(
      Optional<Located<String>> api,
      Optional<Located<String>> connectTo,
      Position section,
      boolean insecure,
      Mistakes mistakes) {
    Optional<NsmChoice> address = address(connectTo, insecure);
    if (api.isPresent()) {
      return named(api.get(), address, section, mistakes);
    }
    if (overrides.connectTo().isPresent() || connectTo.isPresent()) {
      return address.orElseGet(() -> embedded("connectTo has a mistake"));
    }
    Optional<String> legacy = legacyVariable();
    if (legacy.isPresent()) {
      return new NsmChoice(Api.V0_2, "", legacy.get() + " is set");
    }
    return address.orElseGet(
        () -> embedded("no nsm section names another, NSM_CONNECT_TO is not set"));
  }

  private NsmChoice named(
      Located<String> api, Optional<NsmChoice> address, Position section, Mistakes mistakes) {
    return switch (api.value()) {
      case "v1" -> {
        if (address.isEmpty()) {
          mistakes.add(section, "nsm.connectTo", "missing", "the v1 manager's URL");
        }
        yield address.orElseGet(() -> embedded("connectTo is missing"));
      }
      case "0.2" -> new NsmChoice(Api.V0_2, "", "nsm.api " + origin.said());
      default -> embedded("nsm.api " + origin.said());
    };
  }

  private Optional<NsmChoice> address(Optional<Located<String>> connectTo, boolean insecure) {
    Optional<NsmChoice> option =
        environment
            .option("--connect-to", overrides.connectTo(), Parsers::managerUrl)
            .map(url -> v1(url, "--connect-to"));
    Optional<NsmChoice> variable =
        environment
            .text("NSM_CONNECT_TO", url -> secure(Parsers.managerUrl(url), insecure))
            .map(url -> v1(url, "NSM_CONNECT_TO is set"));
    return option
        .or(() -> variable)
        .or(() -> connectTo.map(url -> v1(url.value(), "nsm.connectTo " + origin.said())));
  }

  private Optional<String> legacyVariable() {
    return environment.raw("NSM_SERVER_SOCKET").isPresent()
        ? Optional.of("NSM_SERVER_SOCKET")
        : environment.raw("WORKSPACE").map(set -> "WORKSPACE");
  }

  private static String secure(String url, boolean insecure) {
    if (Parsers.isTcp(url) && !insecure) {
      throw new IllegalArgumentException(
          "%s (expected: unix:///path, or SPIFFE_ENDPOINT_SOCKET, or INSECURE=true to go without TLS)"
              .formatted(url));
    }
    return url;
  }

  private static NsmChoice v1(String url, String why) {
    return new NsmChoice(Api.V1, url, why);
  }

  private static NsmChoice embedded(String why) {
    return new NsmChoice(Api.EMBEDDED, "", why);
  }
}
