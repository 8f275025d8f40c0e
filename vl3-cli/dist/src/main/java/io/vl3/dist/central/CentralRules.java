package io.vl3.dist.central;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * What Maven Central asks of each artifact that is published there (its page "Requirements", of
 * November 2026): the pom's metadata, sources and Javadoc beside each jar, signatures. Checksums
 * are made by whatever sends the files. Each broken rule is a line {@code ARTIFACT: what (expected:
 * ...)}.
 */
final class CentralRules {

  /** Maven does not inherit the name. */
  private static final String NAME = "name";

  private static final List<String> INHERITED =
      List.of(
          "groupId",
          "description",
          "url",
          "licenses/license/name",
          "licenses/license/url",
          "developers/developer/name",
          "scm/url",
          "scm/connection",
          "scm/developerConnection");

  private static final List<String> URLS = List.of("url", "scm/url", "developers/developer/url");

  /** Addresses that nobody has, by RFC 2606. */
  private static final String NOBODY = ".example";

  private final List<Pom> poms;

  private CentralRules(List<Pom> poms) {
    this.poms = poms;
  }

  /** The rules for all of a project that its publishing plugin does not leave out. */
  static CentralRules of(Path root) throws IOException {
    List<Pom> all = Pom.all(root);
    Set<String> left = Set.copyOf(all.get(0).unpublished());
    return new CentralRules(all.stream().filter(pom -> !left.contains(pom.artifact())).toList());
  }

  List<String> artifacts() {
    return poms.stream().map(Pom::artifact).toList();
  }

  /** The rules that the poms break. */
  List<String> brokenByPoms() {
    List<String> broken = new ArrayList<>();
    for (Pom pom : poms) {
      if (pom.own(NAME).isEmpty()) {
        broken.add(line(pom, NAME + ": none (expected: one in the pom itself)"));
      }
      INHERITED.stream()
          .filter(path -> pom.inherited(path).isEmpty())
          .forEach(path -> broken.add(line(pom, path + ": none (expected: one)")));
      if (pom.version().isEmpty() || pom.version().endsWith("-SNAPSHOT")) {
        broken.add(line(pom, "version: " + pom.version() + " (expected: a release's)"));
      }
    }
    return broken;
  }

  /** The rules that the files of {@code mvn -Prelease package} break. */
  List<String> brokenByFiles() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Pom pom : poms) {
      if (pom.packaging().equals("jar")) {
        expect(pom, "-sources.jar", ".java", broken);
        expect(pom, "-javadoc.jar", "index.html", broken);
      }
    }
    return broken;
  }

  private static void expect(Pom pom, String suffix, String entry, List<String> broken)
      throws IOException {
    Path file = pom.built(suffix);
    if (!Files.exists(file)) {
      broken.add(line(pom, file.getFileName() + ": none (expected: one)"));
      return;
    }
    try (ZipFile jar = new ZipFile(file.toFile())) {
      if (jar.stream().noneMatch(one -> one.getName().endsWith(entry))) {
        broken.add(line(pom, file.getFileName() + ": no " + entry + " (expected: one or more)"));
      }
    }
  }

  /** Each published file without a signature, if one file has one: a key was there. */
  List<String> unsigned() throws IOException {
    List<String> unsigned = new ArrayList<>();
    boolean signed = false;
    for (Pom pom : poms) {
      Set<String> names = names(pom.directory().resolve("target"));
      signed |= names.stream().anyMatch(name -> name.endsWith(".asc"));
      for (String name : publishedNames(pom)) {
        if (!names.contains(name + ".asc")) {
          unsigned.add(line(pom, name + ": without signature (expected: " + name + ".asc)"));
        }
      }
    }
    return signed ? unsigned : List.of();
  }

  private static List<String> publishedNames(Pom pom) {
    Stream<String> suffixes =
        pom.packaging().equals("jar")
            ? Stream.of(".jar", "-sources.jar", "-javadoc.jar", ".pom")
            : Stream.of(".pom");
    return suffixes.map(suffix -> String.valueOf(pom.built(suffix).getFileName())).toList();
  }

  /** What has to be filled in before anything is sent. */
  List<String> placeholders() {
    Pom top = poms.get(0);
    return URLS.stream()
        .flatMap(path -> top.own(path).stream())
        .filter(url -> String.valueOf(URI.create(url).getHost()).endsWith(NOBODY))
        .distinct()
        .map(url -> line(top, url + " (expected before it is published: a real address)"))
        .toList();
  }

  private static String line(Pom pom, String text) {
    return pom.artifact() + ": " + text;
  }

  private static Set<String> names(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }
}
