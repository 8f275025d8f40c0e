package io.vl3.cli.config;

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
  private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(10);

  private final Environment environment;
  private final Overrides overrides;
  private final Mistakes mistakes;

  NsmReader(Environment environment, Overrides overrides, Mistakes mistakes) {
    this.environment = environment;
    this.overrides = overrides;
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
    Optional<Located<String>> connectTo = nsm.text("connectTo", Parsers::url);
    connectTo.ifPresent(url -> requireTls(url, managerMayBeTcp));
    NsmChoice choice =
        new NsmChooser(environment, overrides)
            .choose(nsm.choice("api"), connectTo, nsm.at(), managerMayBeTcp, mistakes);
    TlsConfig tls = tlsReader.read(choice.api() == NsmChoice.Api.V1);
    Optional<Located<String>> listenOn = nsm.text("listenOn", Parsers::url);
    listenOn.ifPresent(url -> requireTls(url, insecure || tls.on()));
    return new NsmConfig(
        choice,
        listenOn(listenOn, insecure || tls.on(), runDirectory),
        insecure,
        tls,
        tokenLifetime(nsm),
        remoteDomains(nsm),
        manager(nsm, tls.on()),
        new NseSettingsReader(environment, nsm).read());
  }

  /** NSM's own vL3 takes the bare name of a socket file. */
  private Optional<String> listenOn(
      Optional<Located<String>> file, boolean tcpAllowed, Supplier<Path> runDirectory) {
    Optional<String> option = environment.option("--listen-on", overrides.listenOn(), Parsers::url);
    Optional<String> variable =
        environment.text(
            "NSM_LISTEN_ON",
            text ->
                text.contains("/") || text.contains(":")
                    ? Parsers.url(text)
                    : "unix://" + runDirectory.get().resolve(Parsers.name(text)));
    variable
        .filter(url -> Parsers.isTcp(url) && !tcpAllowed)
        .ifPresent(url -> environment.refuse("NSM_LISTEN_ON", url, NO_TLS));
    return option.or(() -> variable).or(() -> file.map(Located::value));
  }

  private Duration tokenLifetime(Section nsm) {
    Optional<Duration> file = nsm.text("tokenLifetime", Parsers::tokenLifetime).map(Located::value);
    return environment
        .text("NSM_MAX_TOKEN_LIFETIME", Parsers::tokenLifetime)
        .or(() -> file)
        .orElse(TOKEN_LIFETIME);
  }

  private List<String> remoteDomains(Section nsm) {
    List<Located<String>> file = nsm.list("remoteDomains", Parsers::domain);
    List<String> variable = environment.list("NSM_REMOTE_NS_IP_LIST", Parsers::domain);
    return variable.isEmpty() ? file.stream().map(Located::value).distinct().toList() : variable;
  }

  private NsmConfig.ManagerConfig manager(Section nsm, boolean tls) {
    Section manager = nsm.section("manager");
    boolean insecure = manager.bool("insecure").orElse(false);
    Optional<Located<String>> listenOn = manager.text("listenOn", Parsers::tcpUrl);
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
