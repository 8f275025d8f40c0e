package io.vl3.cli.kubernetes;

import io.vl3.nsm.interop.GoBuild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The chart, its sets of values, and Helm, Kustomize and kubeconform, which are built once a run.
 */
final class Chart {

  /** Where all of it is. */
  static final Path KUBERNETES = Path.of("../examples/kubernetes").toAbsolutePath().normalize();

  static final Path DIRECTORY = KUBERNETES.resolve("vl3");
  static final Path SCHEMAS = KUBERNETES.resolve("tools/schemas");

  private static final String NAMESPACE = "vl3-test";

  /** Open to everything in NSM's own definition. */
  private static final String NSM_KIND = "networkservicemesh.io/v1/NetworkService";

  private Chart() {}

  /** Files of values, each a way to use the chart. */
  static List<Path> valueSets() {
    return sorted(KUBERNETES.resolve("values"));
  }

  /** Directories that {@code kubectl apply -k} takes. */
  static List<Path> bases() {
    return sorted(KUBERNETES.resolve("kustomize"));
  }

  /** The versions of Kubernetes that there are schemas of. */
  static List<String> versions() {
    return sorted(SCHEMAS).stream()
        .map(path -> path.getFileName().toString())
        .filter(name -> name.startsWith("v"))
        .map(name -> name.substring(1))
        .toList();
  }

  /** The objects of a set of values, as the first of the versions is told. */
  static String render(Path values, String... options) {
    return render(DIRECTORY, versions().get(0), values, options);
  }

  /** The objects of a set of values, by a chart that lies elsewhere. */
  static String render(Path chart, String version, Path values, String... options) {
    List<String> more = new ArrayList<>(List.of("--kube-version", version));
    more.addAll(List.of("--values", values.toString()));
    more.addAll(List.of(options));
    return template(chart, more).success();
  }

  /** Helm with the options, which may be wrong. */
  static Program template(String... options) {
    return template(DIRECTORY, List.of(options));
  }

  private static Program template(Path chart, List<String> options) {
    List<String> line = new ArrayList<>(List.of(helm(), "template", "vl3", chart.toString()));
    line.addAll(List.of("--namespace", NAMESPACE));
    line.addAll(options);
    return Program.run(Map.of(), "", line);
  }

  /** Validates objects against the schemas of a version, as strictly as can be. */
  static Program validate(String version, String objects) {
    String kind = "{{.ResourceKind}}{{.KindSuffix}}.json";
    return Program.run(
        Map.of(),
        objects,
        List.of(
            Built.TOOLS.resolve("kubeconform").toString(),
            "-strict",
            "-summary",
            "-skip",
            NSM_KIND,
            "-kubernetes-version",
            version,
            "-schema-location",
            SCHEMAS + "/{{.NormalizedKubernetesVersion}}/" + kind,
            "-schema-location",
            SCHEMAS + "/crds/" + kind));
  }

  static String helm() {
    return Built.TOOLS.resolve("helm").toString();
  }

  /** The objects of a base. */
  static String kustomize(Path base) {
    return Program.run(Built.TOOLS.resolve("kustomize").toString(), "build", base.toString())
        .success();
  }

  private static List<Path> sorted(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Built when first asked for. */
  private static final class Built {

    static final Path TOOLS = build();

    private static Path build() {
      try {
        Path tools = Files.createDirectories(Path.of("target/kubernetes-tools")).toAbsolutePath();
        GoBuild.build(KUBERNETES.resolve("tools"), tools, "tool");
        return tools;
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
