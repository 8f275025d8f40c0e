package io.vl3.dist.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A tar of an OCI image layout (image-spec 1.1) with one image for several architectures: {@code
 * index.json} names one index, which names a manifest for each architecture.
 */
final class OciLayout {

  private static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final String VERSION = "{\"imageLayoutVersion\":\"1.0.0\"}";

  private OciLayout() {}

  /**
   * Writes the layout of the images.
   *
   * @param scratch a directory for what the layout has beside layers
   * @param file what is written
   * @return the image's digest, by which a registry knows it
   */
  static String write(List<Image> images, Labels labels, Path scratch, Path file)
      throws IOException {
    Blob index = Blob.json(INDEX, index(images, labels), scratch);
    Map<String, Path> files = new TreeMap<>();
    files.put(
        "oci-layout",
        Files.write(scratch.resolve("oci-layout"), VERSION.getBytes(StandardCharsets.UTF_8)));
    files.put("index.json", Blob.json(INDEX, entry(index, labels), scratch).file());
    files.put(index.path(), index.file());
    images.forEach(image -> image.blobs().forEach(blob -> files.put(blob.path(), blob.file())));
    try (Tar tar =
        new Tar(new BufferedOutputStream(Files.newOutputStream(file)), labels.created())) {
      for (Map.Entry<String, Path> one : files.entrySet()) {
        tar.add(one.getKey(), one.getValue(), Map.of());
      }
    }
    return index.digest();
  }

  private static Map<String, Object> entry(Blob index, Labels labels) {
    Map<String, Object> descriptor = index.descriptor();
    descriptor.put("annotations", labels.names());
    return index(List.of(descriptor));
  }

  private static Map<String, Object> index(List<Image> images, Labels labels) {
    List<Map<String, Object>> manifests = new ArrayList<>();
    for (Image image : images) {
      Map<String, Object> descriptor = image.manifest().descriptor();
      descriptor.put("platform", Map.of("architecture", image.architecture(), "os", "linux"));
      manifests.add(descriptor);
    }
    Map<String, Object> index = index(manifests);
    index.put("annotations", labels.texts());
    return index;
  }

  private static Map<String, Object> index(List<Map<String, Object>> manifests) {
    Map<String, Object> index = new LinkedHashMap<>();
    index.put("schemaVersion", 2);
    index.put("mediaType", INDEX);
    index.put("manifests", manifests);
    return index;
  }
}
