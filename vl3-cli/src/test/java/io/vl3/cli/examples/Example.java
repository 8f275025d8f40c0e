package io.vl3.cli.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.assembly.SelfCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A run of an example's script, in which {@code vl3} is what is being tested. */
final class Example {

  /** In the environment of all that a run starts: a directory of its own. */
  private static final String MARK = "EXAMPLE_LOGS";

  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private final Path directory;
  private final Path output;
  private final Process process;

  private Example(Path directory, Path output, Process process) {
    this.directory = directory;
    this.output = output;
    this.process = process;
  }

  /**
   * Starts {@code examples/NAME/run}.
   *
   * @param directory an empty one, for logs
   */
  static Example start(Path directory, String name, String... arguments) throws IOException {
    Path vl3 = directory.resolve("vl3");
    Files.writeString(vl3, "#!/bin/sh\nexec " + quoted(SelfCommand.line(List.of())) + " \"$@\"\n");
    Files.setPosixFilePermissions(vl3, PosixFilePermissions.fromString("rwxr-xr-x"));
    return start(directory, vl3, name, arguments);
  }

  /** The same with another program for {@code vl3}. */
  static Example start(Path directory, Path vl3, String name, String... arguments)
      throws IOException {
    // Where the tests run in the background of a shell, they inherit that SIGINT is ignored.
    List<String> line = new ArrayList<>(List.of("env", "--default-signal=INT"));
    line.add(path(name).resolve("run").toString());
    line.addAll(List.of(arguments));
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("EXAMPLE_VL3", vl3.toString());
    builder.environment().put(MARK, directory.resolve("logs").toString());
    return new Example(directory, output, builder.start());
  }

  static Path path(String name) {
    return Path.of("../examples", name).toAbsolutePath().normalize();
  }

  /** Gives commands to its shell, and no more. */
  Example type(String commands) throws IOException {
    process.getOutputStream().write(commands.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    return this;
  }

  /** Waits for its end. */
  int exitCode() throws IOException, InterruptedException {
    try {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(output()).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  String output() throws IOException {
    return Files.readString(output);
  }

  void awaitOutput(String text) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!output().contains(text)) {
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).as(output()).isFalse();
      assertThat(System.nanoTime()).as(output()).isLessThan(end);
    }
  }

  void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
  }

  /** The processes that it started and that still run. */
  List<String> left() {
    String mark = MARK + "=" + directory.resolve("logs");
    return ProcessHandle.allProcesses()
        .filter(other -> environment(other).contains(mark))
        .map(other -> other.info().commandLine().orElse(other.toString()))
        .toList();
  }

  /** Waits until the kernel has ended them all. */
  void awaitNothingLeft() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!left().isEmpty()) {
      assertThat(System.nanoTime()).as("still there: %s", left()).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static String environment(ProcessHandle process) {
    try {
      return Files.readString(
          Path.of("/proc/" + process.pid() + "/environ"), StandardCharsets.ISO_8859_1);
    } catch (IOException goneOrForeign) {
      return "";
    }
  }

  private static String quoted(List<String> words) {
    return words.stream()
        .map(word -> "'" + word.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }
}
