package io.vl3.cli.render;

import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.IpamConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.endpoint.Description;
import io.vl3.net.IpPrefix;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The report of {@code vl3 run --verify} on a configuration: what is chosen, why, and the chains.
 */
public final class ConfigReport {

  private ConfigReport() {}

  /**
   * The report.
   *
   * @param source the file's name, or what stands for it
   * @param chains the chains of each endpoint by the endpoint's name; may be missing
   */
  public static String text(
      String source, Vl3Config config, Map<String, List<Description>> chains) {
    StringBuilder out = new StringBuilder();
    out.append(source).append(": ok\n");
    config.notices().forEach(notice -> line(out, 0, "warning", notice));
    line(out, 0, "nsm", config.nsm().choice().toString());
    line(out, 0, "nsm 0.2", config.nsm().legacy().map(Object::toString).orElse(""));
    line(out, 0, "tls", config.nsm().tls().toString());
    line(out, 0, "data plane", config.dataplane().toString());
    line(out, 0, "run directory", config.state().directory().toString());
    line(out, 0, "journals", config.state().journals().map(Path::toString).orElse("none"));
    line(out, 0, "tracing", config.tracing().on() ? config.tracing().toString() : "");
    line(out, 0, "remote domains", joined(config.nsm().remoteDomains()));
    for (EndpointConfig endpoint : config.endpoints()) {
      endpoint(out, endpoint);
      for (Description chain : chains.getOrDefault(endpoint.name(), List.of())) {
        out.append("  chain ").append(chain.name()).append(":\n");
        chain(out, chain, 2);
      }
    }
    return out.toString();
  }

  private static void endpoint(StringBuilder out, EndpointConfig endpoint) {
    IpamConfig ipam = endpoint.ipam();
    out.append("endpoint ").append(endpoint.name()).append(":\n");
    line(out, 1, "service", endpoint.service());
    line(out, 1, "labels", labels(endpoint.labels()));
    endpoint.homeDomain().ifPresent(domain -> line(out, 1, "registered in", domain));
    line(out, 1, "pool", joined(ipam.pools()));
    line(out, 1, "prefix", prefix(ipam));
    line(out, 1, "addressing", ipam.addressingWord());
    line(out, 1, "excluded", joined(ipam.excluded()));
    line(out, 1, "routes", joined(ipam.routes()));
    line(out, 1, "interface", endpoint.interfaceName());
    line(out, 1, "name servers", joined(endpoint.nameServers()));
    line(out, 1, "names", joined(endpoint.nameTemplates()));
  }

  private static String prefix(IpamConfig ipam) {
    List<IpPrefix> own = ipam.ownPrefixes();
    String why = ipam.choice().why();
    return own.isEmpty() ? why : joined(own) + " (" + why + ")";
  }

  private static void chain(StringBuilder out, Description description, int depth) {
    if (description.children().isEmpty()) {
      out.append("  ".repeat(depth)).append(description.name());
      if (!description.purpose().isEmpty()) {
        out.append(": ").append(description.purpose());
      }
      out.append('\n');
    } else {
      description.children().forEach(child -> chain(out, child, depth));
    }
  }

  private static String labels(Map<String, String> labels) {
    return new TreeMap<>(labels)
        .entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(", "));
  }

  private static String joined(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  /** An empty value is left out. */
  private static void line(StringBuilder out, int depth, String name, String value) {
    if (!value.isEmpty()) {
      out.append("  ".repeat(depth)).append(name).append(": ").append(value).append('\n');
    }
  }
}
