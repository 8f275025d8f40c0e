package io.vl3.nsm.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Builds programs of Go modules, and once per run the one that runs the reference implementation.
 */
public final class GoBuild {

  private static final Pattern VERSION = Pattern.compile("go1\\.(\\d+)");
  private static final int LEAST_MINOR = 21; // from then on Go fetches the toolchain that is asked
  private static final long BUILD_MINUTES = 20;

  private GoBuild() {}

  /** Why nothing can be built here; empty if it can. */
  static Optional<String> missing() {
    try {
      Process version = new ProcessBuilder("go", "version").redirectErrorStream(true).start();
      String said = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher matcher = VERSION.matcher(said);
      boolean usable = matcher.find() && Integer.parseInt(matcher.group(1)) >= LEAST_MINOR;
      return usable
          ? Optional.empty()
          : Optional.of("go: %s (expected: 1.%d or later)".formatted(said.strip(), LEAST_MINOR));
    } catch (IOException absent) {
      return Optional.of("go: not on the PATH (expected: Go 1.%d or later)".formatted(LEAST_MINOR));
    }
  }

  /** The binary. */
  static Path binary() {
    return Built.BINARY;
  }

  /** Where its source is. */
  static Path source() {
    Path here = Path.of("src/it/go");
    return Files.exists(here) ? here : Path.of("../vl3-registry/src/it/go");
  }

  /**
   * Builds packages of a module; Go keeps what did not change.
   *
   * @param source the module's directory
   * @param output the binary, or an existing directory for several; its log is beside it
   */
  public static void build(Path source, Path output, String... packages) {
    Path log = output.resolveSibling(output.getFileName() + ".log").toAbsolutePath();
    List<String> line = new ArrayList<>(List.of("go", "build", "-trimpath", "-buildvcs=false"));
    line.addAll(List.of("-ldflags=-s -w", "-o", output.toAbsolutePath().toString()));
    line.addAll(List.of(packages));
    try {
      Process go =
          new ProcessBuilder(line)
              .directory(source.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!go.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)) {
        go.destroyForcibly();
        throw new AssertionError("go build: not done in " + BUILD_MINUTES + " minutes");
      }
      if (go.exitValue() != 0) {
        throw new AssertionError("go build: failed:\n" + Files.readString(log));
      }
    } catch (IOException failure) {
      throw new AssertionError("go build: " + failure.getMessage(), failure);
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      throw new AssertionError("go build: interrupted", asked);
    }
  }

  /** Built when first asked for. */
  private static final class Built {

    static final Path BINARY = nsmpeer();

    private static Path nsmpeer() {
      Path binary = Path.of("target/nsmpeer").toAbsolutePath();
      build(source(), binary, ".");
      return binary;
    }
  }
}
