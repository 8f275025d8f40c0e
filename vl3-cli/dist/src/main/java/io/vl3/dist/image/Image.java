package io.vl3.dist.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The image of one architecture: its configuration and its manifest, beside its layers. */
record Image(String architecture, List<Layer> layers, Blob config, Blob manifest) {

  private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  /**
   * Writes configuration and manifest.
   *
   * @param directory for the two files
   */
  static Image write(String architecture, List<Layer> layers, Labels labels, Path directory)
      throws IOException {
    Blob config = Blob.json(CONFIG, config(architecture, layers, labels), directory);
    Blob manifest = Blob.json(MANIFEST, manifest(layers, config, labels), directory);
    return new Image(architecture, layers, config, manifest);
  }

  /** All that its manifest names, and the manifest. */
  Stream<Blob> blobs() {
    return Stream.concat(layers.stream().map(Layer::blob), Stream.of(config, manifest));
  }

  private static Map<String, Object> config(
      String architecture, List<Layer> layers, Labels labels) {
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("User", "65532:65532");
    run.put("Env", List.of("PATH=/opt/vl3/bin:/usr/bin", "HOME=/run/vl3", "LC_ALL=C.UTF-8"));
    run.put("Entrypoint", List.of("/opt/vl3/bin/vl3"));
    run.put("Cmd", List.of("run", "--config", "/etc/vl3/vl3.yaml"));
    run.put("WorkingDir", "/run/vl3");
    run.put("Labels", labels.texts());
    run.put("StopSignal", "SIGTERM");
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("created", labels.created().toString());
    config.put("architecture", architecture);
    config.put("os", "linux");
    config.put("config", run);
    config.put(
        "rootfs",
        Map.of("type", "layers", "diff_ids", layers.stream().map(Layer::diffId).toList()));
    return config;
  }

  private static Map<String, Object> manifest(List<Layer> layers, Blob config, Labels labels) {
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("schemaVersion", 2);
    manifest.put("mediaType", MANIFEST);
    manifest.put("config", config.descriptor());
    manifest.put("layers", layers.stream().map(Layer::blob).map(Blob::descriptor).toList());
    manifest.put("annotations", labels.texts());
    return manifest;
  }
}
