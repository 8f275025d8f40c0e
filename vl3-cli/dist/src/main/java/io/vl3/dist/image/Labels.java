package io.vl3.dist.image;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an image says of itself, by OCI's predefined keys.
 *
 * @param created when, which is that of the sources and not of the build
 * @param revision the commit; empty if it is not known
 */
record Labels(String version, String revision, String url, Instant created) {

  private static final String PREFIX = "org.opencontainers.image.";

  /** The annotation that names an image in a layout. */
  private static final String REFERENCE = PREFIX + "ref.name";

  /** The annotation by which containerd, and so KinD and Docker, names an image that it loads. */
  private static final String CONTAINERD_NAME = "io.containerd.image.name";

  /** What names the image in a layout: to Kubernetes it is {@code vl3:VERSION} once loaded. */
  Map<String, String> names() {
    return new TreeMap<>(
        Map.of(REFERENCE, version, CONTAINERD_NAME, "docker.io/library/vl3:" + version));
  }

  /** Sorted by key. */
  Map<String, String> texts() {
    Map<String, String> texts = new TreeMap<>();
    texts.put(PREFIX + "title", "vl3");
    texts.put(
        PREFIX + "description", "Network Service Mesh's virtual layer 3: NSEs, clients, commands");
    texts.put(PREFIX + "version", version);
    texts.put(PREFIX + "created", created.toString());
    texts.put(PREFIX + "licenses", "Apache-2.0");
    texts.put(PREFIX + "url", url);
    texts.put(PREFIX + "source", url);
    if (!revision.isEmpty()) {
      texts.put(PREFIX + "revision", revision);
    }
    return texts;
  }
}
