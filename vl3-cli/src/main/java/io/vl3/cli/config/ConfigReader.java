package io.vl3.cli.config;

import io.vl3.net.IpAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the configuration: options beat variables, these the file, this the defaults. */
public final class ConfigReader {

  private static final String NO_TLS =
      "unix:///path, or insecure: true beside it, for there is no TLS here";

  private final Mistakes mistakes = new Mistakes();
  private final Environment environment;
  private final Overrides overrides;

  private ConfigReader(Map<String, String> variables, Overrides overrides) {
    this.environment = new Environment(variables, mistakes);
    this.overrides = overrides;
  }

  /**
   * Reads and checks a configuration.
   *
   * @param file the file's name, for messages
   * @param text its content
   * @param variables the environment
   * @throws ConfigException with all mistakes, if there is any
   */
  public static Vl3Config read(
      String file, String text, Map<String, String> variables, Overrides overrides)
      throws ConfigException {
    ConfigReader reader = new ConfigReader(variables, overrides);
    Optional<Vl3Config> config = reader.read(text);
    List<Mistake> found = reader.mistakes.inOrder();
    if (!found.isEmpty() || config.isEmpty()) {
      throw new ConfigException(file, found);
    }
    return config.get();
  }

  private Optional<Vl3Config> read(String text) {
    Optional<YamlNode> document = YamlReader.read(text, mistakes);
    if (document.isEmpty() && !mistakes.inOrder().isEmpty()) {
      return Optional.empty();
    }
    Section root = Section.root(document, mistakes);
    List<EndpointConfig> endpoints = endpoints(root);
    return Optional.of(
        new Vl3Config(endpoints, nsm(root), dataPlane(root.section("dataplane")), state(root)));
  }

  private List<EndpointConfig> endpoints(Section root) {
    List<Section> sections = root.sections("endpoints");
    if (sections.isEmpty() && !root.has("endpoints")) {
      root.missing("endpoints", "a list of at least one endpoint");
    }
    boolean single = sections.size() == 1;
    EndpointReader reader = new EndpointReader(environment, overrides, mistakes, single);
    List<EndpointConfig> all = new ArrayList<>();
    sections.forEach(section -> reader.read(section).ifPresent(all::add));
    return all;
  }

  private NsmConfig nsm(Section root) {
    Section nsm = root.section("nsm");
    Optional<Boolean> file = nsm.bool("insecure");
    boolean insecure = environment.bool("INSECURE").or(() -> file).orElse(false);
    Optional<Located<String>> connectTo = nsm.text("connectTo", Parsers::url);
    Optional<Located<String>> listenOn = nsm.text("listenOn", Parsers::url);
    connectTo.ifPresent(url -> requireTls(url, insecure));
    listenOn.ifPresent(url -> requireTls(url, insecure));
    NsmChoice choice =
        new NsmChooser(environment, overrides)
            .choose(nsm.choice("api"), connectTo, nsm.at(), insecure, mistakes);
    return new NsmConfig(
        choice, listenOn(listenOn, insecure), insecure, remoteDomains(nsm), manager(nsm));
  }

  private Optional<String> listenOn(Optional<Located<String>> file, boolean insecure) {
    Optional<String> option = environment.option("--listen-on", overrides.listenOn(), Parsers::url);
    Optional<String> variable = environment.text("NSM_LISTEN_ON", Parsers::url);
    variable
        .filter(url -> Parsers.isTcp(url) && !insecure)
        .ifPresent(url -> environment.refuse("NSM_LISTEN_ON", url, NO_TLS));
    return option.or(() -> variable).or(() -> file.map(Located::value));
  }

  private List<String> remoteDomains(Section nsm) {
    List<Located<String>> file = nsm.list("remoteDomains", Parsers::domain);
    List<String> variable = environment.list("NSM_REMOTE_NS_IP_LIST", Parsers::domain);
    return variable.isEmpty() ? file.stream().map(Located::value).distinct().toList() : variable;
  }

  private NsmConfig.ManagerConfig manager(Section nsm) {
    Section manager = nsm.section("manager");
    boolean insecure = manager.bool("insecure").orElse(false);
    Optional<Located<String>> listenOn = manager.text("listenOn", Parsers::tcpUrl);
    listenOn.ifPresent(url -> requireTls(url, insecure));
    Optional<IpAddress> tunnelIp = manager.text("tunnelIp", IpAddress::parse).map(Located::value);
    if (listenOn.isPresent() && !manager.has("tunnelIp")) {
      manager.missing("tunnelIp", "this node's address, because listenOn opens it to other nodes");
    }
    return new NsmConfig.ManagerConfig(listenOn.map(Located::value), tunnelIp, insecure);
  }

  private void requireTls(Located<String> url, boolean insecure) {
    if (Parsers.isTcp(url.value()) && !insecure) {
      mistakes.add(url.at(), url.path(), url.shown(), NO_TLS);
    }
  }

  private DataPlaneConfig dataPlane(Section section) {
    String type = section.choice("type").map(Located::value).orElse("kernel");
    String address =
        section
            .text("address", Parsers::hostPort)
            .map(Located::value)
            .orElse(DataPlaneConfig.STANDARD_ADDRESS);
    return new DataPlaneConfig(DataPlaneConfig.Type.of(type), address);
  }

  private StateConfig state(Section root) {
    Section section = root.section("state");
    Optional<String> file = section.text("directory", Parsers::absolutePath).map(Located::value);
    Path directory =
        Path.of(
            environment
                .option("--run-dir", overrides.runDirectory(), Parsers::absolutePath)
                .or(() -> environment.text("VL3_RUN_DIR", Parsers::absolutePath))
                .or(() -> file)
                .orElse("/run/vl3"));
    Path journals =
        section
            .text("journal", Parsers::absolutePath)
            .map(path -> Path.of(path.value()))
            .orElse(directory.resolve("journal"));
    boolean durable = section.bool("durable").orElse(true);
    return new StateConfig(directory, durable ? Optional.of(journals) : Optional.empty());
  }
}
