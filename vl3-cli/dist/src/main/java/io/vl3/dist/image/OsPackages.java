package io.vl3.dist.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The Debian packages that an image is made of, by the lock file: a line for each with
 * architecture, name, version and SHA-256.
 */
record OsPackages(String architecture, List<OsPackage> packages) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  record OsPackage(String name, String version, String sha256) {}

  /** Those of one architecture. */
  static OsPackages read(Path lock, String architecture) throws IOException {
    return new OsPackages(
        architecture,
        Files.readAllLines(lock).stream()
            .filter(line -> !line.startsWith("#"))
            .map(line -> List.of(line.split(" ", -1)))
            .filter(words -> words.get(0).equals(architecture))
            .map(words -> new OsPackage(words.get(1), words.get(2), words.get(3)))
            .toList());
  }

  /** Writes the bill of materials (CycloneDX) of the libraries, with the packages added. */
  void addTo(Path libraries, Path file) throws IOException {
    ObjectNode bill = (ObjectNode) JSON.readTree(libraries.toFile());
    ArrayNode components = bill.withArray("components");
    for (OsPackage one : packages) {
      String url = url(one);
      ObjectNode component = components.addObject();
      component.put("type", "library").put("bom-ref", url);
      component.put("name", one.name()).put("version", one.version());
      component.putArray("hashes").addObject().put("alg", "SHA-256").put("content", one.sha256());
      component.put("purl", url);
    }
    Files.write(file, JSON.writeValueAsBytes(bill));
  }

  private String url(OsPackage one) {
    return "pkg:deb/debian/%s@%s?arch=%s&distro=debian-12"
        .formatted(
            one.name().replace("+", "%2B"),
            URLEncoder.encode(one.version(), StandardCharsets.UTF_8).replace("%7E", "~"),
            architecture);
  }
}
