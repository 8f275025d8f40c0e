package io.vl3.cli.config.read;

import io.vl3.cli.LogLevel;
import io.vl3.cli.config.AdminConfig;
import io.vl3.cli.config.ClientConfig;
import io.vl3.cli.config.DataPlaneConfig;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.LogConfig;
import io.vl3.cli.config.MetricsConfig;
import io.vl3.cli.config.NsmChoice;
import io.vl3.cli.config.NsmConfig;
import io.vl3.cli.config.StateConfig;
import io.vl3.cli.config.StopConfig;
import io.vl3.cli.config.TracingConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.check.SharedPrefixes;
import io.vl3.cli.config.check.SharedVpp;
import io.vl3.cli.config.file.Section;
import io.vl3.cli.config.file.YamlNode;
import io.vl3.cli.config.file.YamlReader;
import io.vl3.cli.config.mistake.ConfigException;
import io.vl3.cli.config.mistake.Located;
import io.vl3.cli.config.mistake.Mistake;
import io.vl3.cli.config.mistake.Mistakes;
import io.vl3.cli.config.text.Parsers;
import io.vl3.cli.config.variables.Environment;
import io.vl3.dns.NameTemplate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the configuration: options beat variables, these the file, this the defaults. */
public final class ConfigReader {

  private final Mistakes mistakes = new Mistakes();
  private final Environment environment;
  private final Overrides overrides;

  private final Origin origin;

  private ConfigReader(Origin origin, Map<String, String> variables, Overrides overrides) {
    this.origin = origin;
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
    return read(Origin.file(file), text, variables, overrides);
  }

  public static Vl3Config read(
      Origin origin, String text, Map<String, String> variables, Overrides overrides)
      throws ConfigException {
    ConfigReader reader = new ConfigReader(origin, variables, overrides);
    Optional<Vl3Config> config = reader.read(text);
    List<Mistake> found = reader.mistakes.inOrder();
    if (!found.isEmpty() || config.isEmpty()) {
      throw new ConfigException(origin.name(), found);
    }
    return config.get();
  }

  /**
   * Reads what concerns who provides no endpoint.
   *
   * @param file the file's name, for messages
   * @param text its content; may be empty
   * @throws ConfigException with all mistakes, if there is any
   */
  public static ClientConfig readClient(
      String file, String text, Map<String, String> variables, Overrides overrides)
      throws ConfigException {
    ConfigReader reader = new ConfigReader(Origin.file(file), variables, overrides);
    Section root = Section.root(YamlReader.read(text, reader.mistakes), reader.mistakes);
    NsmConfig nsm = reader.nsm(root);
    TracingConfig tracing = reader.tracing(root);
    ClientConfig config =
        new ClientConfig(nsm, tracing, reader.log(root), reader.mistakes.notices());
    List<Mistake> found = reader.mistakes.inOrder();
    if (!found.isEmpty()) {
      throw new ConfigException(file, found);
    }
    return config;
  }

  private Optional<Vl3Config> read(String text) {
    Optional<YamlNode> document = YamlReader.read(text, mistakes);
    if (document.isEmpty() && !mistakes.inOrder().isEmpty()) {
      return Optional.empty();
    }
    environment.noteWithoutEffect();
    Section root = Section.root(document, mistakes);
    List<EndpointConfig> endpoints = endpoints(root);
    NsmConfig nsm = nsm(root);
    refuseSharedWorkspace(root, endpoints, nsm);
    refuseSharedSocket(root, endpoints, nsm);
    StateConfig state = state(root);
    DataPlaneConfig dataPlane =
        new DataPlaneReader(environment, mistakes).read(root.section("dataplane"), nsm, state);
    if (dataPlane.type().isVpp()) {
      refuseNames(root, dataPlane.type());
      if (mistakes.inOrder().isEmpty()) {
        new SharedVpp(root.sections("endpoints"), endpoints, dataPlane.type()).refuse(mistakes);
      }
    }
    MetricsConfig metrics = metrics(root, isOriginalsPod(root, nsm));
    AdminConfig admin = AdminReader.read(root.section("admin"), nsm.tls());
    return Optional.of(
        new Vl3Config(
            endpoints,
            nsm,
            dataPlane,
            state,
            stop(root),
            metrics,
            tracing(root),
            log(root),
            admin,
            mistakes.notices()));
  }

  /** A manager of NSM 0.2 reaches one endpoint through a workspace. */
  private static void refuseSharedWorkspace(
      Section root, List<EndpointConfig> endpoints, NsmConfig nsm) {
    boolean shared = nsm.legacy().filter(legacy -> legacy.manager().isEmpty()).isPresent();
    if (shared && endpoints.size() > 1) {
      root.refuse(
          "endpoints",
          endpoints.size() + " endpoints in one workspace of NSM 0.2",
          "one, or nsm.v02.manager, which gives each a workspace");
    }
  }

  /** In one place one endpoint can listen. */
  private static void refuseSharedSocket(
      Section root, List<EndpointConfig> endpoints, NsmConfig nsm) {
    Optional<String> shared = nsm.listenOn();
    if (shared.isPresent() && endpoints.size() > 1) {
      root.refuse(
          "endpoints",
          "%d endpoints at one nsm.listenOn, %s".formatted(endpoints.size(), shared.get()),
          "one, or no nsm.listenOn: each then has a socket of its own");
    }
  }

  /** The variable was applied already before anything was read; one that is no level was not. */
  private LogConfig log(Section root) {
    Section section = root.section("log");
    Optional<String> level = section.choice("level").map(word -> LogLevel.parse(word.value()));
    boolean json =
        section.choice("format").filter(format -> format.value().equals("json")).isPresent();
    return new LogConfig(
        json ? LogConfig.Format.JSON : LogConfig.Format.TEXT,
        environment.text("NSM_LOG_LEVEL", LogLevel::parse).or(() -> level));
  }

  private TracingConfig tracing(Section root) {
    return new TracingReader(environment, mistakes).read(root.section("tracing"));
  }

  private List<EndpointConfig> endpoints(Section root) {
    List<Section> sections = root.sections("endpoints");
    if (!root.has("endpoints")) {
      root.missing("endpoints", "a list of at least one endpoint");
    } else if (sections.isEmpty() && mistakes.inOrder().isEmpty()) {
      root.refuse("endpoints", "an empty list", "at least one endpoint");
    }
    boolean single = sections.size() == 1;
    EndpointReader reader = new EndpointReader(environment, overrides, mistakes, single);
    List<EndpointConfig> all = new ArrayList<>();
    sections.forEach(section -> reader.read(section).ifPresent(all::add));
    if (mistakes.inOrder().isEmpty()) {
      new SharedPrefixes(sections, all).refuse(mistakes);
    }
    return all;
  }

  /** The server's sockets are the kernel's, and so have to be the addresses that it is asked at. */
  private void refuseNames(Section root, DataPlaneConfig.Type type) {
    String expected =
        "none with dataplane.type: %s, whose addresses are in VPP".formatted(type.word());
    for (Section endpoint : root.sections("endpoints")) {
      endpoint
          .section("vl3")
          .section("dns")
          .list("templates", NameTemplate::parse)
          .forEach(t -> mistakes.add(t.at(), t.path(), t.shown(), expected));
    }
    environment
        .raw("NSM_DNS_TEMPLATES")
        .ifPresent(set -> environment.refuse("NSM_DNS_TEMPLATES", set, expected));
  }

  private NsmConfig nsm(Section root) {
    return new NsmReader(environment, overrides, origin, mistakes)
        .read(root, () -> state(root).directory());
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

  private static StopConfig stop(Section root) {
    return new StopConfig(
        root.section("stop")
            .text("deadline", Parsers::positiveDuration)
            .map(Located::value)
            .orElse(StopConfig.USUAL_DEADLINE));
  }

  /** Whether NSM 0.2 was chosen by the variables of the original's pod alone. */
  private boolean isOriginalsPod(Section root, NsmConfig nsm) {
    return nsm.choice().api() == NsmChoice.Api.V0_2 && !root.section("nsm").has("api");
  }

  private MetricsConfig metrics(Section root, boolean originalsPod) {
    Section section = root.section("metrics");
    Optional<Integer> file = section.integer("port").map(Located::value);
    OptionalInt variable = environment.integer("METRICS_PORT", 1, 65_535);
    String address = section.text("address").orElse(MetricsConfig.STANDARD_ADDRESS);
    boolean originalNames = section.bool("originalNames").orElse(originalsPod);
    Optional<Integer> standard =
        originalsPod ? Optional.of(MetricsConfig.ORIGINAL_PORT) : Optional.empty();
    return new MetricsConfig(
        address,
        variable.isPresent()
            ? variable
            : file.or(() -> standard).map(OptionalInt::of).orElse(OptionalInt.empty()),
        originalNames);
  }
}
