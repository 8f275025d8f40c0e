package io.vl3.cli.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of a program, to its end. */
record Program(List<String> line, int exitCode, String output, String errors) {

  private static final long MINUTES = 5;

  /** Runs it with its own environment and those variables. */
  static Program run(Map<String, String> variables, String input, List<String> line) {
    return run(line, input, builder -> builder.environment().putAll(variables));
  }

  /** Runs it with those variables alone. */
  static Program runAlone(Map<String, String> variables, List<String> line) {
    return run(
        line,
        "",
        builder -> {
          builder.environment().clear();
          builder.environment().putAll(variables);
        });
  }

  /** Runs it without input. */
  static Program run(String... line) {
    return run(Map.of(), "", List.of(line));
  }

  /** What it printed; it must have ended well. */
  String success() {
    assertThat(exitCode).as("%s%n%s%s", line, output, errors).isZero();
    return output;
  }

  /** All that it printed; it must have failed. */
  String failure() {
    assertThat(exitCode).as("%s%n%s%s", line, output, errors).isNotZero();
    return output + errors;
  }

  private static Program run(List<String> line, String input, Preparation preparation) {
    try {
      Path files = Files.createTempDirectory("program");
      Path in = Files.writeString(files.resolve("in"), input);
      Path out = files.resolve("out");
      Path err = files.resolve("err");
      ProcessBuilder builder =
          new ProcessBuilder(line)
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      preparation.prepare(builder);
      Process process = builder.start();
      boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
      process.destroyForcibly();
      assertThat(ended).as("%s ends", line).isTrue();
      Program program =
          new Program(line, process.exitValue(), Files.readString(out, UTF_8), read(err));
      for (Path file : List.of(in, out, err, files)) {
        Files.delete(file);
      }
      return program;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      throw new AssertionError(line + ": interrupted", asked);
    }
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, UTF_8);
  }

  private interface Preparation {
    void prepare(ProcessBuilder builder);
  }
}
