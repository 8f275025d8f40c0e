package io.vl3.dist.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The image of a small tree; what is in ours is tried by src/image/test-image. */
class ImageToolTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CREATED = "2026-11-23T00:00:00Z";

  @TempDir private Path directory;

  @Test
  void sameFiles_makeTheSameBytes_inAnyOrderAndAtAnyTime() throws IOException {
    Path one = image("one", false, 1);
    Path other = image("other", true, 1_000_000);
    assertThat(other).hasSameBinaryContentAs(one);
  }

  @Test
  void anotherFile_makesAnotherImage() throws IOException {
    Path one = image("one", false, 1);
    Files.writeString(root("one").resolve("amd64/layers/4-vl3/opt/vl3/bin/vl3"), "#!/bin/bash\n");
    byte[] before = Files.readAllBytes(one);
    make("one");
    assertThat(Files.readAllBytes(one)).isNotEqualTo(before);
  }

  @Test
  void withoutAnSbom_noImageIsMade_andTheReasonIsSaid() throws IOException {
    Path old = image("one", false, 1);
    Files.delete(old);
    Files.delete(root("one").resolve("bom.json"));
    StringWriter errors = new StringWriter();
    CommandLine tool = new CommandLine(new ImageTool()).setErr(new PrintWriter(errors));
    assertThat(execute(tool, "one", old)).isEqualTo(1);
    assertThat(errors.toString()).contains("bom.json: not there", "if offline");
    assertThat(old).doesNotExist();
  }

  @Test
  void everyBlob_isNamedByItsDigest_andIndexLeadsToEachArchitecture() throws Exception {
    Map<String, byte[]> files = files(image("one", false, 1));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (file.getKey().startsWith("blobs/")) {
        assertThat(file.getKey()).endsWith(digest(file.getValue()));
      }
    }
    assertThat(new String(files.get("oci-layout"), StandardCharsets.UTF_8))
        .isEqualTo("{\"imageLayoutVersion\":\"1.0.0\"}");
    JsonNode entry = JSON.readTree(files.get("index.json")).at("/manifests/0");
    assertThat(entry.at("/annotations/org.opencontainers.image.ref.name").asText())
        .isEqualTo("1.2.3");
    assertThat(entry.at("/annotations/io.containerd.image.name").asText())
        .as("the name under which a node of KinD has it, as the chart's values ask for it")
        .isEqualTo("docker.io/library/vl3:1.2.3");
    JsonNode index = blob(files, entry);
    assertThat(index.findValuesAsText("architecture")).containsExactly("amd64", "arm64");
    assertThat(index.at("/annotations/org.opencontainers.image.version").asText())
        .isEqualTo("1.2.3");
    assertThat(index.at("/annotations/org.opencontainers.image.created").asText())
        .isEqualTo(CREATED);

    JsonNode config = blob(files, blob(files, index.at("/manifests/1")).at("/config"));
    assertThat(config.at("/architecture").asText()).isEqualTo("arm64");
    assertThat(config.at("/config/User").asText()).isEqualTo("65532:65532");
    assertThat(config.at("/config/Entrypoint/0").asText()).isEqualTo("/opt/vl3/bin/vl3");
    assertThat(config.at("/rootfs/diff_ids").size()).isEqualTo(2);
  }

  @Test
  void layer_hasRootsFiles_fixedTimes_andCapabilitiesOfSetprivAlone() throws Exception {
    Map<String, byte[]> files = files(image("one", false, 1));
    JsonNode index = blob(files, JSON.readTree(files.get("index.json")).at("/manifests/0"));
    JsonNode manifest = blob(files, index.at("/manifests/0"));
    List<TarArchiveEntry> entries = new ArrayList<>();
    byte[] layer = bytes(files, manifest.at("/layers/0"));
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(layer)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        entries.add(entry);
      }
    }
    assertThat(entries)
        .extracting(TarArchiveEntry::getName)
        .containsExactly("lib", "tmp/", "usr/", "usr/bin/", "usr/bin/ip", "usr/bin/setpriv");
    assertThat(entries)
        .allSatisfy(
            entry -> {
              assertThat(entry.getLongUserId()).isZero();
              assertThat(entry.getLastModifiedDate().toInstant()).isEqualTo(CREATED);
            });
    assertThat(entries)
        .extracting(entry -> Integer.toOctalString(entry.getMode() & 07777))
        .containsExactly("777", "1777", "755", "755", "755", "755");
    assertThat(capabilities(entries.get(4))).isNull();
    // Permitted: 10 (NET_BIND_SERVICE), 12 (NET_ADMIN), 13 (NET_RAW), 21 (SYS_ADMIN).
    assertThat(capabilities(entries.get(5)))
        .asHexString()
        .isEqualTo("0000000200342000" + "00".repeat(12));
  }

  @Test
  void sbom_namesTheSystemsPackagesToo() throws Exception {
    Path tar = image("one", false, 1);
    assertThat(files(tar)).isNotEmpty();
    JsonNode bill = JSON.readTree(root("one").resolve("arm64/sbom.cdx.json").toFile());
    assertThat(bill.findValuesAsText("purl"))
        .containsExactly(
            "pkg:maven/a/b@1",
            "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?arch=arm64&distro=debian-12");
    assertThat(bill.at("/components/1/hashes/0/content").asText()).isEqualTo("bb");
  }

  private Path image(String name, boolean reversed, long second) throws IOException {
    for (String architecture : List.of("amd64", "arm64")) {
      Path layers = root(name).resolve(architecture).resolve("layers");
      List<String> names =
          new ArrayList<>(
              List.of("1-debian/usr/bin/setpriv", "1-debian/usr/bin/ip", "4-vl3/opt/vl3/bin/vl3"));
      if (reversed) {
        Collections.reverse(names);
      }
      for (String file : names) {
        Path path = layers.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "#!/bin/sh\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-x--x"));
        Files.setLastModifiedTime(path, FileTime.from(Instant.ofEpochSecond(second)));
      }
      Files.createSymbolicLink(layers.resolve("1-debian/lib"), Path.of("usr/lib"));
      Path open = Files.createDirectory(layers.resolve("1-debian/tmp"));
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
    Files.writeString(
        root(name).resolve("lock"),
        "# comment\namd64 dash 0.5 aa\narm64 libstdc++6 12.2.0-14+deb12u1 bb\n");
    Files.writeString(
        root(name).resolve("bom.json"), "{\"components\": [{\"purl\": \"pkg:maven/a/b@1\"}]}");
    return make(name);
  }

  private Path make(String name) {
    Path output = directory.resolve(name + "-oci.tar");
    assertThat(execute(new CommandLine(new ImageTool()), name, output)).isZero();
    return output;
  }

  private int execute(CommandLine tool, String name, Path output) {
    return tool.execute(
        "--root=" + root(name),
        "--lock=" + root(name).resolve("lock"),
        "--sbom=" + root(name).resolve("bom.json"),
        "--image-version=1.2.3",
        "--url=https://example.org",
        "--created=" + CREATED,
        "--output=" + output,
        "--architecture=amd64",
        "--architecture=arm64");
  }

  private Path root(String name) {
    return directory.resolve(name);
  }

  private static Map<String, byte[]> files(Path tar) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (InputStream in = Files.newInputStream(tar);
        TarArchiveInputStream entries = new TarArchiveInputStream(in)) {
      for (TarArchiveEntry entry = entries.getNextEntry();
          entry != null;
          entry = entries.getNextEntry()) {
        files.put(entry.getName(), entries.readAllBytes());
      }
    }
    return files;
  }

  private static byte[] bytes(Map<String, byte[]> files, JsonNode descriptor) {
    String digest = descriptor.at("/digest").asText().substring("sha256:".length());
    byte[] bytes = files.get("blobs/sha256/" + digest);
    assertThat(bytes).as(digest).hasSize(descriptor.at("/size").asInt());
    return bytes;
  }

  private static JsonNode blob(Map<String, byte[]> files, JsonNode descriptor) throws IOException {
    return JSON.readTree(bytes(files, descriptor));
  }

  private static String digest(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static byte[] capabilities(TarArchiveEntry entry) {
    String header = entry.getExtraPaxHeader("SCHILY.xattr.security.capability");
    return header == null ? null : header.getBytes(StandardCharsets.UTF_8);
  }
}
