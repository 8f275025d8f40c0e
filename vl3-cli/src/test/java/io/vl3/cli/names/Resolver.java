package io.vl3.cli.names;

import io.vl3.linux.Netns;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A C library's resolver, as a program built with it uses it, in a network namespace and with an
 * {@code /etc/resolv.conf} of its own.
 */
final class Resolver {

  private static final long PATIENCE_SECONDS = 300;

  private final Path program;
  private final Netns netns;

  private Resolver(Path program, Netns netns) {
    this.program = program;
    this.netns = netns;
  }

  /** The program, built in a directory by a compiler such as {@code musl-gcc}. */
  static Resolver builtBy(String compiler, Path directory, Netns netns)
      throws IOException, InterruptedException {
    Path source = directory.resolve("resolve.c");
    try (InputStream in =
        Objects.requireNonNull(Resolver.class.getResourceAsStream("resolve.c"), "resolve.c")) {
      Files.write(source, in.readAllBytes());
    }
    Path program = directory.resolve("resolve-" + compiler);
    output(List.of(compiler, "-O", "-o", program.toString(), source.toString()));
    return new Resolver(program, netns);
  }

  /** What comes of names, a line each: {@code NAME OK COUNT}, or the failure. */
  List<String> look(String configuration, String... names)
      throws IOException, InterruptedException {
    Path file = Files.writeString(program.resolveSibling("resolv.conf"), configuration);
    List<String> line =
        new ArrayList<>(
            List.of(
                "nsenter",
                "--net=" + netns.path(),
                "unshare",
                "--mount",
                "sh",
                "-ec",
                "mount --bind \"$0\" \"$(readlink -f /etc/resolv.conf)\"; exec \"$@\"",
                file.toString(),
                program.toString()));
    line.addAll(List.of(names));
    return output(line).lines().toList();
  }

  private static String output(List<String> line) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("%s: %s".formatted(line, output));
    }
    return output;
  }
}
