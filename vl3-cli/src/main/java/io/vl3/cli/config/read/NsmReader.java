package io.vl3.cli.config.read;

import io.vl3.cli.config.LegacyNsmConfig;
import io.vl3.cli.config.NsmChoice;
import io.vl3.cli.config.NsmConfig;
import io.vl3.cli.config.TlsConfig;
import io.vl3.cli.config.file.Section;
import io.vl3.cli.config.mistake.Located;
import io.vl3.cli.config.mistake.Mistakes;
import io.vl3.cli.config.text.Parsers;
import io.vl3.cli.config.variables.Environment;
import io.vl3.net.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the {@code nsm} section. */
final class NsmReader {

  private static final String NO_TLS =
      "unix:///path, or nsm.tls, or insecure: true beside it to go without";

  /** Where every program of NSM 0.2 expected it. */
  private static final String LEGACY_WORKLOAD_API = "unix:///run/spire/sockets/agent.sock";

  /** The others of its variables make it the NSM that is used. */
  private static final List<String> LEGACY_VARIABLES =
      List.of("NSM_CLIENT_SOCKET", "NSREGISTRY_ADDR", "NSREGISTRY_PORT");

  private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(10);

  private final Environment environment;
  private final Overrides overrides;
  private final Origin origin;
  private final Mistakes mistakes;

  NsmReader(Environment environment, Overrides overrides, Origin origin, Mistakes mistakes) {
    this.environment = environment;
    this.overrides = overrides;
    this.origin = origin;
    this.mistakes = mistakes;
  }

  /**
   * The section.
   *
   * @param runDirectory asked for where a bare socket name stands in it
   */
  NsmConfig read(Section root, Supplier<Path> runDirectory) {
    Section nsm = root.section("nsm");
    Optional<Boolean> file = nsm.bool("insecure");
    boolean insecure = environment.bool("INSECURE").or(() -> file).orElse(false);
    TlsReader tlsReader = new TlsReader(nsm, environment);
    boolean managerMayBeTcp = insecure || tlsReader.towardsManager();
    Optional<Located<String>> connectTo = nsm.text("connectTo", Parsers::managerUrl);
    connectTo.ifPresent(url -> requireTls(url, managerMayBeTcp));
    NsmChoice choice =
        new NsmChooser(environment, overrides, origin)
            .choose(nsm.choice("api"), connectTo, nsm.at(), managerMayBeTcp, mistakes);
    boolean alone = choice.api() == NsmChoice.Api.V0_2;
    TlsConfig tls = tls(tlsReader.read(alone || choice.api() == NsmChoice.Api.V1), alone, insecure);
    Optional<LegacyNsmConfig> legacy =
        alone || nsm.has("v02")
            ? Optional.of(new LegacyNsmReader(nsm, environment).read())
            : Optional.empty();
    if (legacy.isEmpty()) {
      noteLegacyVariables();
    }
    legacy
        .flatMap(LegacyNsmConfig::registry)
        .filter(url -> !insecure && !tls.on())
        .ifPresent(url -> nsm.section("v02").refuse("registry", url, NO_TLS));
    Optional<Located<String>> listenOn = nsm.text("listenOn", Parsers::listenUrl);
    listenOn.ifPresent(url -> requireTls(url, insecure || tls.on()));
    Times times = new Times(environment, nsm, mistakes);
    Duration tokenLifetime = tokenLifetime(times);
    return new NsmConfig(
        choice,
        legacy,
        listenOn(listenOn, insecure || tls.on(), runDirectory),
        insecure,
        tls,
        tokenLifetime,
        remoteDomains(nsm),
        manager(nsm, tls.on()),
        new NseSettingsReader(environment, nsm, times).read(tokenLifetime));
  }

  private void noteLegacyVariables() {
    List<String> set =
        LEGACY_VARIABLES.stream().filter(name -> environment.raw(name).isPresent()).toList();
    if (!set.isEmpty()) {
      mistakes.note("%s: without effect: no NSM 0.2 is used".formatted(String.join(", ", set)));
    }
  }

  /** As NSM 0.2 did: without TLS only if that is asked for. */
  private static TlsConfig tls(TlsConfig said, boolean legacy, boolean insecure) {
    return legacy && !insecure && !said.on() ? new TlsConfig.Spiffe(LEGACY_WORKLOAD_API) : said;
  }

  /** NSM's own vL3 takes the bare name of a socket file. */
  private Optional<String> listenOn(
      Optional<Located<String>> file, boolean tcpAllowed, Supplier<Path> runDirectory) {
    Optional<String> option =
        environment.option("--listen-on", overrides.listenOn(), Parsers::listenUrl);
    Optional<String> variable =
        environment.text(
            "NSM_LISTEN_ON",
            text ->
                text.contains("/") || text.contains(":")
                    ? Parsers.listenUrl(text)
                    : "unix://" + runDirectory.get().resolve(Parsers.fileName(text)));
    variable
        .filter(url -> Parsers.isTcp(url) && !tcpAllowed)
        .ifPresent(url -> environment.refuse("NSM_LISTEN_ON", url, NO_TLS));
    return option.or(() -> variable).or(() -> file.map(Located::value));
  }

  private static Duration tokenLifetime(Times times) {
    return times
        .read("tokenLifetime", "NSM_MAX_TOKEN_LIFETIME", Parsers::tokenLifetime)
        .map(Times.Given::value)
        .orElse(TOKEN_LIFETIME);
  }

  private List<String> remoteDomains(Section nsm) {
    List<Located<String>> file = nsm.list("remoteDomains", Parsers::domain);
    List<String> variable = environment.list("NSM_REMOTE_NS_IP_LIST", Parsers::domain);
    return (variable.isEmpty() ? file.stream().map(Located::value).toList() : variable)
        .stream().distinct().toList();
  }

  private NsmConfig.ManagerConfig manager(Section nsm, boolean tls) {
    Section manager = nsm.section("manager");
    boolean insecure = manager.bool("insecure").orElse(false);
    Optional<Located<String>> listenOn = manager.text("listenOn", Parsers::listenTcpUrl);
    listenOn.ifPresent(url -> requireTls(url, insecure || tls));
    Optional<IpAddress> tunnelIp = manager.text("tunnelIp", IpAddress::parse).map(Located::value);
    if (listenOn.isPresent() && !manager.has("tunnelIp")) {
      manager.missing("tunnelIp", "this node's address, because listenOn opens it to other nodes");
    }
    return new NsmConfig.ManagerConfig(listenOn.map(Located::value), tunnelIp, insecure);
  }

  private void requireTls(Located<String> url, boolean tcpAllowed) {
    if (Parsers.isTcp(url.value()) && !tcpAllowed) {
      mistakes.add(url.at(), url.path(), url.shown(), NO_TLS);
    }
  }
}
