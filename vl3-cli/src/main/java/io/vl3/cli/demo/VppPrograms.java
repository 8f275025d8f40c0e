package io.vl3.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An installed VPP.
 *
 * @param program the program
 * @param plugins the directory of its plugins
 * @param api the directory of its {@code .api.json} files
 */
public record VppPrograms(Path program, Path plugins, Path api) {

  private static final String PLUGINS = "vpp_plugins";

  /**
   * Finds it.
   *
   * @param prefix where it is installed, as {@code /usr}
   * @throws IOException naming what is not there
   */
  public static VppPrograms in(Path prefix) throws IOException {
    Path program = prefix.resolve("bin/vpp");
    if (!Files.isExecutable(program)) {
      throw new IOException("VPP: %s (expected: a program)".formatted(program));
    }
    Path libraries = prefix.resolve("lib");
    return new VppPrograms(
        program,
        plugins(libraries)
            .orElseThrow(
                () ->
                    new IOException(
                        "VPP: %s (expected: a directory %s in it)".formatted(libraries, PLUGINS))),
        prefix.resolve("share/vpp/api"));
  }

  /** Debian's libraries are in a directory of their machine's name. */
  private static Optional<Path> plugins(Path libraries) throws IOException {
    List<Path> candidates;
    try (Stream<Path> within = Files.list(libraries)) {
      candidates =
          Stream.concat(Stream.of(libraries), within.sorted())
              .map(directory -> directory.resolve(PLUGINS))
              .toList();
    }
    return candidates.stream().filter(Files::isDirectory).findFirst();
  }

  /** The command that runs it with a configuration. */
  List<String> command(Path config) {
    return List.of(program.toString(), "-c", config.toString());
  }
}
