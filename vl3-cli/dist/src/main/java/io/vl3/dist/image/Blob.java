package io.vl3.dist.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file of an image layout, named by its content.
 *
 * @param digest {@code sha256:} and 64 digits
 */
record Blob(Path file, String mediaType, String digest, long bytes) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  /** Writes JSON into a new file of the directory, keys sorted. */
  static Blob json(String mediaType, Map<String, Object> content, Path directory)
      throws IOException {
    Path file = Files.createTempFile(directory, "blob", ".json");
    Files.write(file, JSON.writeValueAsBytes(content));
    return new Blob(file, mediaType, Digests.of(file), Files.size(file));
  }

  /** Where it is in the layout. */
  String path() {
    return "blobs/sha256/" + digest.substring("sha256:".length());
  }

  /** How others refer to it; may be added to. */
  Map<String, Object> descriptor() {
    Map<String, Object> descriptor = new LinkedHashMap<>();
    descriptor.put("mediaType", mediaType);
    descriptor.put("digest", digest);
    descriptor.put("size", bytes);
    return descriptor;
  }
}
