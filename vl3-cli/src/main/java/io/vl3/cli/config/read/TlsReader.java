package io.vl3.cli.config.read;

import io.vl3.cli.config.TlsConfig;
import io.vl3.cli.config.file.Section;
import io.vl3.cli.config.mistake.Located;
import io.vl3.cli.config.text.Parsers;
import io.vl3.cli.config.variables.Environment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads {@code nsm.tls}. An incomplete request is a mistake: nothing falls back. */
final class TlsReader {

  private static final String VARIABLE = "SPIFFE_ENDPOINT_SOCKET";
  private static final List<String> FILES = List.of("certificate", "key", "trust");

  private final Section section;
  private final Environment environment;
  private final String source;

  TlsReader(Section nsm, Environment environment) {
    this.section = nsm.section("tls");
    this.environment = environment;
    this.source = section.choice("source").map(Located::value).orElseGet(this::implied);
  }

  /** Whether there is TLS towards a manager of NSM v1. */
  boolean towardsManager() {
    return !source.equals("none");
  }

  /**
   * What is asked for.
   *
   * @param v1 whether the manager is one of NSM v1; the variable alone is meant for those
   */
  TlsConfig read(boolean v1) {
    boolean asked = section.has("source") || section.has("workloadApi") || !source.equals("spiffe");
    TlsConfig files = source.equals("files") ? files() : new TlsConfig.None();
    return source.equals("spiffe") && (asked || v1) ? spiffe() : files;
  }

  private String implied() {
    if (FILES.stream().anyMatch(section::has)) {
      return "files";
    }
    return section.has("workloadApi") || environment.raw(VARIABLE).isPresent() ? "spiffe" : "none";
  }

  private TlsConfig spiffe() {
    Optional<String> file = section.text("workloadApi", Parsers::url).map(Located::value);
    Optional<String> address = environment.text(VARIABLE, Parsers::url).or(() -> file);
    if (address.isEmpty() && !section.has("workloadApi") && environment.raw(VARIABLE).isEmpty()) {
      section.missing("workloadApi", "the Workload API's URL, here or in " + VARIABLE);
    }
    return new TlsConfig.Spiffe(address.orElse(""));
  }

  private TlsConfig files() {
    List<Optional<Path>> paths = FILES.stream().map(this::file).toList();
    return paths.stream().allMatch(Optional::isPresent)
        ? new TlsConfig.Files(
            paths.get(0).orElseThrow(), paths.get(1).orElseThrow(), paths.get(2).orElseThrow())
        : new TlsConfig.None();
  }

  private Optional<Path> file(String key) {
    if (!section.has(key)) {
      section.missing(key, "the path of a PEM file");
    }
    return section.text(key, Parsers::absolutePath).map(Located::value).map(Path::of);
  }
}
