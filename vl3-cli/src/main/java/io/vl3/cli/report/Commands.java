package io.vl3.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Short programs whose output is wanted. */
final class Commands {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 1 << 20;

  private Commands() {}

  /**
   * Runs a program in the network namespace of the calling thread. Blocks for some seconds at most;
   * one that hangs is killed.
   *
   * @return its output of both kinds, a megabyte at most
   */
  static String output(List<String> line, Executor executor) throws IOException {
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      CompletableFuture<byte[]> output =
          CompletableFuture.supplyAsync(() -> read(process.getInputStream()), executor);
      byte[] bytes = output.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(String.join(" ", line) + ": interrupted", interrupted);
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException late) {
      throw new IOException(String.join(" ", line) + ": does not end", late);
    } finally {
      process.destroyForcibly();
    }
  }

  private static byte[] read(InputStream in) {
    try {
      return in.readNBytes(MOST_BYTES);
    } catch (IOException ended) {
      return new byte[0];
    }
  }
}
