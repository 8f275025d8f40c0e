package io.vl3.dist.central;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * A pom with the pom it inherits from.
 *
 * @param directory of the pom
 * @param parent in a directory above; null for the root's
 */
record Pom(Path directory, Element project, @Nullable Pom parent) {

  /** The root's pom and those of its modules, in their order. */
  static List<Pom> all(Path root) throws IOException {
    Pom top = new Pom(root, parse(root.resolve("pom.xml")), null);
    List<Pom> poms = new ArrayList<>(List.of(top));
    for (String module : texts(top.project, List.of("modules", "module"))) {
      Path directory = root.resolve(module);
      poms.add(new Pom(directory, parse(directory.resolve("pom.xml")), top));
    }
    return poms;
  }

  private static Element parse(Path file) throws IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      return factory.newDocumentBuilder().parse(file.toFile()).getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(file + ": " + e.getMessage() + " (expected: a pom)", e);
    }
  }

  String artifact() {
    return own("artifactId").orElse(directory.toString());
  }

  /** Of the pom itself, a module's own or its parent's. */
  String version() {
    return inherited("version").or(() -> own("parent/version")).orElse("");
  }

  /** {@code jar} if the pom says nothing. */
  String packaging() {
    return own("packaging").orElse("jar");
  }

  /** What {@code path}, as in {@code scm/url}, has in this pom. */
  Optional<String> own(String path) {
    return texts(project, List.of(path.split("/"))).stream().filter(t -> !t.isBlank()).findFirst();
  }

  /** What {@code path} has in this pom, else in the one it inherits from. */
  Optional<String> inherited(String path) {
    return own(path).or(() -> parent == null ? Optional.empty() : parent.inherited(path));
  }

  /** Artifacts that the publishing plugin leaves out. */
  List<String> unpublished() {
    List<String> path =
        List.of(
            "profiles/profile/build/plugins/plugin/configuration/excludeArtifacts/artifact"
                .split("/"));
    return texts(project, path);
  }

  /** The file {@code ARTIFACT-VERSION} and what follows it, where Maven makes it. */
  Path built(String suffix) {
    return directory.resolve("target/%s-%s%s".formatted(artifact(), version(), suffix));
  }

  private static List<String> texts(Element parent, List<String> path) {
    List<String> texts = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element child && child.getTagName().equals(path.get(0))) {
        if (path.size() == 1) {
          texts.add(child.getTextContent().strip());
        } else {
          texts.addAll(texts(child, path.subList(1, path.size())));
        }
      }
    }
    return texts;
  }
}
