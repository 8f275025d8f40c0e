package io.vl3.cli.config.read;

import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.EndpointConfig.WorkloadRegistry;
import io.vl3.cli.config.IpamConfig;
import io.vl3.cli.config.file.Section;
import io.vl3.cli.config.mistake.Located;
import io.vl3.cli.config.mistake.Mistakes;
import io.vl3.cli.config.text.Parsers;
import io.vl3.cli.config.variables.Environment;
import io.vl3.dns.NameTemplate;
import io.vl3.nameserver.NameServerSettings;
import io.vl3.nameserver.NameServerSettings.ForeignNames;
import io.vl3.net.DomainName;
import io.vl3.net.IpAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads the endpoints, one after the other, and sees that their names differ. */
final class EndpointReader {

  private static final List<String> CONTROL =
      List.of("name", "address", "connectivityDomain", "workloadRegistry");
  private static final String NOWHERE = "none";

  /** Where it runs, as NSM's clients and endpoints label themselves: what selectors go by. */
  private static final Map<String, String> PLACE =
      new TreeMap<>(
          Map.of("POD_NAME", "podName", "NODE_NAME", "nodeName", "CLUSTER_NAME", "clusterName"));

  private final Environment environment;
  private final Overrides overrides;
  private final Mistakes mistakes;
  private final boolean single;
  private final IpamReader ipam;
  private final Map<String, String> owners = new HashMap<>();

  /** Variables and options name one endpoint, so they want a file with a single one. */
  EndpointReader(Environment environment, Overrides overrides, Mistakes mistakes, boolean single) {
    this.environment = environment;
    this.overrides = overrides;
    this.mistakes = mistakes;
    this.single = single;
    this.ipam = new IpamReader(environment, overrides, mistakes);
  }

  /** The endpoint; empty if it has a mistake that leaves nothing to build it from. */
  Optional<EndpointConfig> read(Section section) {
    Optional<String> service = service(section);
    String name = name(section, service.orElse(""));
    Section vl3 = section.section("vl3");
    Optional<IpamConfig> addresses = ipam.read(vl3.section("ipam"));
    EndpointConfig config =
        new EndpointConfig(
            service.orElse(""),
            name,
            labels(section),
            lessee(section, name),
            workloadRegistry(section.section("nseControl"), vl3.section("ipam")),
            addresses.orElse(IpamReader.NOTHING),
            MeshReader.read(vl3.section("mesh"), mistakes),
            vl3.text("ifName", Parsers::interfaceName).map(Located::value).orElse("endpoint0"),
            vl3.list("nameServers", IpAddress::parse).stream().map(Located::value).toList(),
            vl3.list("dnsZones", Parsers::domainName).stream().map(Located::value).toList(),
            nameTemplates(vl3.section("dns")),
            foreignNames(vl3.section("dns")));
    return addresses.isPresent() ? Optional.of(config) : Optional.empty();
  }

  /** The original's variable says only what the file leaves open. */
  private Optional<String> service(Section section) {
    Optional<Located<String>> file = section.text("name", Parsers::name);
    Optional<String> variable = variable("NSM_SERVICE_NAMES", EndpointReader::oneName);
    Optional<String> original = environment.text("ENDPOINT_NETWORK_SERVICE", Parsers::name);
    if (variable.isEmpty() && original.isEmpty() && !section.has("name")) {
      section.missing("name", "the name of the network service");
    }
    return variable.or(() -> file.map(Located::value)).or(() -> original);
  }

  private static String oneName(String text) {
    if (text.contains(",")) {
      throw new IllegalArgumentException(
          text + " (expected: one network service; for more, a file with an endpoint for each)");
    }
    return Parsers.name(text);
  }

  private Optional<String> variable(String variable, Function<String, String> parser) {
    Optional<String> value = environment.text(variable, parser);
    value
        .filter(set -> !single)
        .ifPresent(set -> environment.refuse(variable, set, "a file with one endpoint"));
    return value;
  }

  private String name(Section section, String service) {
    Optional<Located<String>> file = section.text("nseName", Parsers::name);
    Optional<String> option = environment.option("--name", overrides.name(), Parsers::name);
    option
        .filter(set -> !single)
        .ifPresent(set -> environment.refuse("--name", set, "a file with one endpoint"));
    String name =
        option
            .or(() -> variable("NSM_NAME", Parsers::name))
            .or(() -> file.map(Located::value))
            .or(this::podName)
            .orElse(service);
    unique(section, file, name);
    sameDomain(name, service);
    return name;
  }

  /**
   * The pod's name tells one endpoint from its replicas; of several in a file, it tells nothing.
   */
  private Optional<String> podName() {
    return single ? environment.text("NSE_POD_NAME", Parsers::name) : Optional.empty();
  }

  /** NSM's registries go by the endpoint's domain, and would register the service there too. */
  private void sameDomain(String name, String service) {
    Optional<String> ofName = EndpointConfig.domain(name);
    Optional<String> ofService = EndpointConfig.domain(service);
    if (ofName.isPresent() && ofService.isPresent() && !ofName.equals(ofService)) {
      mistakes.addElsewhere(
          "endpoint " + name, "@" + ofName.get(), "the domain of its network service, " + service);
    }
  }

  private void unique(Section section, Optional<Located<String>> file, String name) {
    if (name.isEmpty()) {
      return;
    }
    String here = section.path("nseName");
    String bare = DomainName.withoutDomain(name);
    String owner = owners.getOrDefault(bare, here);
    owners.putIfAbsent(bare, here);
    if (!owner.equals(here)) {
      String expected = "a name of its own; " + owner + " is " + bare;
      file.ifPresentOrElse(
          f -> mistakes.add(f.at(), f.path(), f.shown(), expected),
          () -> section.missing("nseName", expected));
    }
  }

  private Map<String, String> labels(Section section) {
    Map<String, String> labels = new LinkedHashMap<>(section.map("labels"));
    Map<String, String> original = environment.map("ENDPOINT_LABELS");
    if (labels.isEmpty()) {
      labels.putAll(original);
    }
    labels.putAll(environment.map("NSM_LABELS"));
    PLACE.forEach(
        (variable, label) ->
            environment.raw(variable).ifPresent(value -> labels.putIfAbsent(label, value)));
    return labels;
  }

  private List<NameTemplate> nameTemplates(Section dns) {
    List<Located<NameTemplate>> file = dns.list("templates", NameTemplate::parse);
    List<NameTemplate> variable = environment.list("NSM_DNS_TEMPLATES", NameTemplate::parse);
    return variable.isEmpty() ? file.stream().map(Located::value).toList() : variable;
  }

  private static ForeignNames foreignNames(Section dns) {
    return dns.choice("foreignNames")
        .map(word -> ForeignNames.valueOf(word.value().toUpperCase(Locale.ROOT)))
        .orElse(NameServerSettings.DEFAULT.foreignNames());
  }

  /** Unless the file says it, the server of the central IPAM, as in the original. */
  private static Optional<WorkloadRegistry> workloadRegistry(Section control, Section ipam) {
    Optional<String> named =
        control.text("workloadRegistry", EndpointReader::registry).map(Located::value);
    if (named.isPresent()) {
      return named.filter(text -> !text.equals(NOWHERE)).map(at -> new WorkloadRegistry(at, false));
    }
    String server = ipam.text("serverAddress").orElse("");
    return Optional.of(server)
        .filter(at -> !at.isEmpty())
        .map(at -> new WorkloadRegistry(at, true));
  }

  private static String registry(String text) {
    return text.equals(NOWHERE) ? text : Parsers.hostPort(text);
  }

  /** The original names itself by cluster and pod; without a pod it is the endpoint's own name. */
  private EndpointConfig.Lessee lessee(Section section, String name) {
    Section control = section.section("nseControl");
    if (section.has("nseControl") && CONTROL.stream().allMatch(control::isEmpty)) {
      section.refuse(
          "nseControl",
          "says nothing",
          "%s, or no nseControl".formatted(String.join(", ", CONTROL)));
    }
    // Of no use here, but the original's file has them; what is no text is still a mistake.
    var unusedName = control.text("name");
    var unusedToken = control.text("accessToken");
    String cluster = environment.raw("CLUSTER_NAME").orElse("");
    return new EndpointConfig.Lessee(
        cluster + "_" + podName().orElse(name),
        control.text("address").orElse(""),
        control.text("connectivityDomain").orElse(""));
  }
}
