package io.vl3.cli.diagnose.scene;

import io.vl3.linux.Netns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Short commands of others that only read. */
public final class Commands {

  private static final long PATIENCE_SECONDS = 5;
  private static final int KILLED = 128 + 9;

  private Commands() {}

  /**
   * What a command left.
   *
   * @param code its exit code
   * @param output what it printed, on either stream
   */
  public record Result(int code, String output) {

    /** The output in a line. */
    public String words() {
      return String.join(" ", output.strip().lines().map(String::strip).toList());
    }
  }

  /** The file of a program; those of administrators are often beyond an ordinary user's path. */
  public static Optional<Path> find(String program) {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
    for (String directory : path.split(":", -1)) {
      Path file = Path.of(directory, program);
      if (!directory.isEmpty() && Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** Runs a command in a network namespace: a child is where the thread is that starts it. */
  public static Result run(Netns netns, List<String> line) throws IOException {
    Callable<Result> running = () -> run(line);
    try {
      return netns.call(running);
    } catch (IOException | RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IOException(failure);
    }
  }

  /**
   * Runs a command, for some seconds at most.
   *
   * @throws IOException if there is none, or it does not end
   */
  public static Result run(List<String> line) throws IOException {
    List<String> found = new ArrayList<>(line);
    found.set(0, find(line.get(0)).map(Path::toString).orElse(line.get(0)));
    Process process = new ProcessBuilder(found).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var end = CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    CompletableFuture<Void> watchdog = CompletableFuture.runAsync(process::destroyForcibly, end);
    try {
      byte[] output = process.getInputStream().readAllBytes();
      int code = process.waitFor();
      if (code == KILLED) {
        throw new IOException(
            "%s: did not end within %d s".formatted(line.get(0), PATIENCE_SECONDS));
      }
      return new Result(code, new String(output, StandardCharsets.UTF_8));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("%s: called off".formatted(line.get(0)), interrupted);
    } finally {
      watchdog.cancel(false);
    }
  }
}
