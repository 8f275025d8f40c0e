package io.vl3.cli.reload;

import static io.vl3.cli.reload.Setting.Change.LIVE;
import static io.vl3.cli.reload.Setting.Change.LIVE_MOVING;
import static io.vl3.cli.reload.Setting.Change.LIVE_TO_ADD;
import static io.vl3.cli.reload.Setting.Change.NONE;
import static io.vl3.cli.reload.Setting.Change.RESTART;

import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.IpamConfig;
import io.vl3.cli.config.LegacyNsmConfig;
import io.vl3.cli.config.NseSettings;
import io.vl3.cli.config.NsmConfig;
import io.vl3.cli.config.PrefixChoice;
import io.vl3.cli.config.TlsConfig;
import io.vl3.cli.config.TracingConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.text.Parsers;
import io.vl3.cli.reload.Setting.Change;
import io.vl3.nsm.legacy.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every setting and how it changes while the process runs: an NSE is started anew within the
 * process for what concerns it alone. Settings that decide addresses, links, identities and sockets
 * do not change without a restart.
 */
public final class Settings {

  private static final String VL3 = "endpoints[].vl3.";
  private static final String IPAM = VL3 + "ipam.";
  private static final String VPP = "dataplane.";

  /** The table, in the order of the reference. */
  public static final List<Setting> ALL =
      List.of(
          Setting.of("endpoints", RESTART, Settings::names),
          nse("endpoints[].name", RESTART, EndpointConfig::service),
          nse("endpoints[].nseName", RESTART, EndpointConfig::name),
          nse("endpoints[].labels", LIVE, EndpointConfig::labels),
          nse("endpoints[].nseControl.name", NONE, endpoint -> ""),
          nse("endpoints[].nseControl.address", RESTART, e -> e.lessee().address()),
          nse("endpoints[].nseControl.accessToken", NONE, endpoint -> ""),
          nse(
              "endpoints[].nseControl.connectivityDomain",
              RESTART,
              e -> e.lessee().connectivityDomain()),
          nse("endpoints[].nseControl.workloadRegistry", RESTART, EndpointConfig::workloadRegistry),
          ipam("defaultPrefixPool", RESTART, IpamConfig::pools),
          ipam("linkLocal", NONE, ipam -> ""),
          ipam("prefixLength", RESTART, Settings::lengths),
          ipam("routes", LIVE_TO_ADD, IpamConfig::routes),
          ipam("serverAddress", RESTART, IpamConfig::serverAddress),
          ipam("prefixServers", RESTART, ipam -> choice(ipam, PrefixChoice.Served.class)),
          ipam("addressing", RESTART, IpamConfig::addressingWord),
          ipam("excludedPrefixes", LIVE_MOVING, IpamConfig::excluded),
          ipam("prefix", RESTART, ipam -> choice(ipam, PrefixChoice.Fixed.class)),
          ipam("prefixIndex", RESTART, Settings::index),
          ipam("restSeconds", LIVE, ipam -> ipam.rest().toSeconds()),
          nse(VL3 + "mesh.topology", RESTART, e -> e.mesh().role().isPresent() ? "hub" : "mesh"),
          nse(VL3 + "mesh.role", RESTART, e -> e.mesh().role()),
          nse(VL3 + "mesh.peerLabels", RESTART, e -> e.mesh().peerLabels()),
          nse(VL3 + "ifName", NONE, endpoint -> ""),
          nse(VL3 + "nameServers", LIVE_TO_ADD, EndpointConfig::nameServers),
          nse(VL3 + "dnsZones", LIVE_TO_ADD, EndpointConfig::dnsZones),
          nse(VL3 + "dns.templates", LIVE, EndpointConfig::nameTemplates),
          nse(VL3 + "dns.foreignNames", LIVE, e -> word(e.foreignNames())),
          nsm("api", RESTART, nsm -> nsm.choice().api().title()),
          nsm("connectTo", RESTART, nsm -> nsm.choice().address()),
          nsm("listenOn", RESTART, NsmConfig::listenOn),
          nsm("v02.manager", RESTART, nsm -> nsm.legacy().flatMap(LegacyNsmConfig::manager)),
          nsm("v02.workspace", RESTART, nsm -> workspace(nsm, Workspace::directory)),
          nsm("v02.serverSocket", RESTART, nsm -> workspace(nsm, Workspace::serverSocket)),
          nsm("v02.clientSocket", RESTART, nsm -> workspace(nsm, Workspace::clientSocket)),
          nsm("v02.registry", RESTART, nsm -> nsm.legacy().flatMap(LegacyNsmConfig::registry)),
          nsm("tls.source", RESTART, nsm -> nsm.tls().getClass().getSimpleName()),
          nsm("tls.workloadApi", RESTART, nsm -> spiffe(nsm).map(TlsConfig.Spiffe::address)),
          nsm("tls.certificate", RESTART, nsm -> files(nsm).map(TlsConfig.Files::certificate)),
          nsm("tls.key", RESTART, nsm -> files(nsm).map(TlsConfig.Files::key)),
          nsm("tls.trust", RESTART, nsm -> files(nsm).map(TlsConfig.Files::trust)),
          nsm("tokenLifetime", RESTART, nsm -> time(nsm.tokenLifetime())),
          nsm("insecure", RESTART, NsmConfig::insecure),
          nsm("remoteDomains", LIVE, NsmConfig::remoteDomains),
          behaviour("requestTimeout", RESTART, nse -> time(nse.requestTimeout())),
          behaviour("dialTimeout", RESTART, nse -> time(nse.dialTimeout())),
          behaviour("idleTimeout", LIVE, nse -> nse.idleTimeout().map(Settings::time)),
          behaviour("registerService", LIVE, NseSettings::registerService),
          behaviour("unregisterItself", LIVE, NseSettings::unregisterItself),
          behaviour("requestLabels", LIVE, NseSettings::requestLabels),
          behaviour("livenessCheck", LIVE, nse -> nse.liveness().isPresent()),
          behaviour("livenessInterval", LIVE, nse -> nse.liveness().map(l -> time(l.interval()))),
          behaviour("livenessTimeout", LIVE, nse -> nse.liveness().map(l -> time(l.timeout()))),
          nsm("manager.listenOn", RESTART, nsm -> nsm.manager().listenOn()),
          nsm("manager.tunnelIp", RESTART, nsm -> nsm.manager().tunnelIp()),
          nsm("manager.insecure", RESTART, nsm -> nsm.manager().insecure()),
          Setting.of(VPP + "type", RESTART, c -> c.dataplane().type().word()),
          Setting.of(VPP + "address", RESTART, c -> c.dataplane().vpp().address()),
          Setting.of(VPP + "socket", RESTART, c -> c.dataplane().vpp().socket().path()),
          Setting.of(
              VPP + "apiDirectory", RESTART, c -> c.dataplane().vpp().socket().descriptions()),
          Setting.of(VPP + "kernel", RESTART, c -> c.dataplane().vpp().kernel()),
          Setting.of(VPP + "vrf", RESTART, c -> c.dataplane().vpp().vrf()),
          Setting.of(VPP + "leastMtu", LIVE, c -> c.dataplane().leastMtuBytes()),
          Setting.of(VPP + "memif.ringSize", RESTART, c -> c.dataplane().vpp().memif().ringSize()),
          Setting.of(
              VPP + "memif.rxMode", RESTART, c -> word(c.dataplane().vpp().memif().rxMode())),
          Setting.of(VPP + "memif.rxQueues", RESTART, c -> c.dataplane().vpp().memif().rxQueues()),
          Setting.of(VPP + "memif.txQueues", RESTART, c -> c.dataplane().vpp().memif().txQueues()),
          Setting.of(VPP + "memif.mtu", RESTART, c -> c.dataplane().vpp().memif().mtuBytes()),
          Setting.of(
              VPP + "memif.socketDirectory", RESTART, c -> c.dataplane().vpp().socketDirectory()),
          Setting.of(VPP + "nat.address", RESTART, c -> c.dataplane().vpp().natAddress()),
          Setting.of(
              VPP + "leftovers.graceSeconds",
              RESTART,
              c -> c.dataplane().vpp().leftoverGrace().toSeconds()),
          Setting.of(VPP + "leftovers.keep", RESTART, c -> c.dataplane().vpp().keepLeftovers()),
          Setting.of("state.directory", RESTART, c -> c.state().directory()),
          Setting.of("state.durable", RESTART, c -> c.state().journals().isPresent()),
          Setting.of("state.journal", RESTART, c -> c.state().journals()),
          Setting.of("stop.deadline", LIVE, c -> time(c.stop().deadline())),
          Setting.of("metrics.port", RESTART, c -> c.metrics().port()),
          Setting.of("metrics.address", RESTART, c -> c.metrics().address()),
          Setting.of("metrics.originalNames", RESTART, c -> c.metrics().originalNames()),
          tracing("enabled", TracingConfig::on),
          tracing("endpoint", TracingConfig::endpoint),
          tracing("sampling", TracingConfig::sampling),
          tracing("serviceName", TracingConfig::serviceName),
          tracing("attributes", TracingConfig::attributes),
          tracing("certificate", TracingConfig::certificate),
          Setting.of("log.format", LIVE, c -> word(c.log().format())),
          Setting.of("log.level", LIVE, c -> c.log().level()),
          Setting.of("admin.listenOn", RESTART, c -> c.admin().listenOn()),
          Setting.of("admin.allow", RESTART, c -> c.admin().allow()));

  private Settings() {}

  /** The settings by their paths. */
  public static Map<String, Setting> byPath() {
    return ALL.stream()
        .collect(
            Collectors.toMap(
                Setting::path, Function.identity(), (one, other) -> one, LinkedHashMap::new));
  }

  /**
   * What differs, in the order of the table; settings of endpoints that only one has are left out.
   */
  static List<Difference> between(Vl3Config before, Vl3Config after) {
    List<Difference> all = new ArrayList<>();
    for (Setting setting : ALL) {
      Map<String, String> was = setting.values().apply(before);
      setting
          .values()
          .apply(after)
          .forEach(
              (path, now) -> {
                String old = was.getOrDefault(path, now);
                if (!old.equals(now)) {
                  all.add(new Difference(path, setting.change(), old, now));
                }
              });
    }
    return all;
  }

  private static Setting nse(String path, Change change, Function<EndpointConfig, Object> value) {
    return Setting.ofEach(path, change, value);
  }

  private static Setting ipam(String key, Change change, Function<IpamConfig, Object> value) {
    return nse(IPAM + key, change, endpoint -> value.apply(endpoint.ipam()));
  }

  private static Setting nsm(String key, Change change, Function<NsmConfig, Object> value) {
    return Setting.of("nsm." + key, change, config -> value.apply(config.nsm()));
  }

  private static Setting behaviour(String key, Change change, Function<NseSettings, Object> value) {
    return nsm(key, change, nsm -> value.apply(nsm.nse()));
  }

  private static Setting tracing(String key, Function<TracingConfig, Object> value) {
    return Setting.of("tracing." + key, RESTART, config -> value.apply(config.tracing()));
  }

  private static Set<String> names(Vl3Config config) {
    return new TreeSet<>(config.endpoints().stream().map(EndpointConfig::name).toList());
  }

  private static String lengths(IpamConfig ipam) {
    return ipam.prefixLengths().equals(ipam.claimLengths())
        ? ipam.prefixLengths().toString()
        : ipam.prefixLengths() + ", claims " + ipam.claimLengths();
  }

  private static String choice(IpamConfig ipam, Class<? extends PrefixChoice> kind) {
    return kind.isInstance(ipam.choice()) ? ipam.choice().toString() : "none";
  }

  private static Object index(IpamConfig ipam) {
    return ipam.choice() instanceof PrefixChoice.Index chosen ? chosen.index() : "none";
  }

  private static Optional<Path> workspace(NsmConfig nsm, Function<Workspace, Path> part) {
    return nsm.legacy().map(LegacyNsmConfig::workspace).map(part);
  }

  private static Optional<TlsConfig.Spiffe> spiffe(NsmConfig nsm) {
    return nsm.tls() instanceof TlsConfig.Spiffe one ? Optional.of(one) : Optional.empty();
  }

  private static Optional<TlsConfig.Files> files(NsmConfig nsm) {
    return nsm.tls() instanceof TlsConfig.Files one ? Optional.of(one) : Optional.empty();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String time(Duration value) {
    return Parsers.time(value);
  }
}
