package io.vl3.dist.image;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import io.vl3.dist.image.FileCapabilities.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Makes the image of what src/image/make-layers has laid out: {@code ROOT/ARCH/layers/NAME}, each
 * directory a layer, in the order of their names.
 */
@Command(name = "image", description = "Make the container image of its layers' directories.")
public final class ImageTool implements Callable<Integer> {

  /**
   * The program that hands them on, since those that a container is given do not reach a user who
   * is not root.
   */
  private static final Map<String, FileCapabilities> CAPABILITIES =
      Map.of("usr/bin/setpriv", new FileCapabilities(Set.copyOf(EnumSet.allOf(Capability.class))));

  private static final String BILL = "layers/4-vl3/opt/vl3/sbom.cdx.json";

  @Option(names = "--root", required = true)
  private Path root = Path.of("");

  @Option(names = "--lock", required = true)
  private Path lock = Path.of("");

  @Option(names = "--sbom", required = true, description = "Of the libraries (CycloneDX).")
  private Path sbom = Path.of("");

  @Option(names = "--image-version", required = true)
  private String version = "";

  @Option(names = "--revision")
  private String revision = "";

  @Option(names = "--url", required = true)
  private String url = "";

  @Option(names = "--created", required = true)
  private Instant created = Instant.EPOCH;

  @Option(names = "--output", required = true)
  private Path output = Path.of("");

  @Option(names = "--architecture", required = true)
  private List<String> architectures = new ArrayList<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Picocli makes it. */
  public ImageTool() {}

  /** Ends the process with 0 once the image is made. */
  public static void main(String[] arguments) {
    int status = new CommandLine(new ImageTool()).execute(arguments);
    if (status != 0) {
      throw new IllegalStateException("image: not made (see above)");
    }
  }

  @Override
  public Integer call() throws IOException {
    if (!Files.exists(sbom)) {
      spec.commandLine()
          .getErr()
          .printf(
              "%s: not there (expected: made by Maven, which leaves it out if offline)%n", sbom);
      return 1;
    }
    Labels labels = new Labels(version, known(revision), url, created);
    Path scratch = Files.createTempDirectory(root, "blobs");
    List<Image> images = new ArrayList<>();
    for (String architecture : architectures) {
      Path bill = root.resolve(architecture).resolve("sbom.cdx.json");
      OsPackages.read(lock, architecture).addTo(sbom, bill);
      Files.copy(bill, root.resolve(architecture).resolve(BILL), REPLACE_EXISTING);
      List<Layer> layers = layers(architecture, scratch);
      images.add(Image.write(architecture, layers, labels, scratch));
    }
    String digest = OciLayout.write(images, labels, scratch, output);
    System.out.printf("%s: %d bytes, %s%n", output, Files.size(output), digest);
    return 0;
  }

  private List<Layer> layers(String architecture, Path scratch) throws IOException {
    List<Layer> layers = new ArrayList<>();
    for (Path directory : sorted(root.resolve(architecture).resolve("layers"))) {
      Path file = Files.createTempFile(scratch, "layer", ".tar.gz");
      Layer layer = Layer.write(directory, CAPABILITIES, created, file);
      System.out.printf(
          "%s %s: %d bytes%n", architecture, directory.getFileName(), layer.blob().bytes());
      layers.add(layer);
    }
    return layers;
  }

  private static List<Path> sorted(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    }
  }

  /** Sources without a repository have no commit; Maven leaves the property's name then. */
  private static String known(String revision) {
    return revision.startsWith("${") ? "" : revision;
  }
}
