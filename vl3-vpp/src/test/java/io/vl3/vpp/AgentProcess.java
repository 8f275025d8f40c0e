package io.vl3.vpp;

import io.vl3.vpp.testing.FakeAgentMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The fake agent as a process of its own, which can be killed and started again. */
final class AgentProcess implements AutoCloseable {

  private final Path calls;
  private Process process;
  private BufferedReader answers;
  private int port;

  /** Starts on any free port. */
  AgentProcess(Path calls) throws IOException {
    this.calls = calls;
    start();
  }

  /**
   * Starts another, on the port that the last one had. Warnings of the JVM would come before the
   * port.
   */
  void start() throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-Xlog:disable",
                "-cp",
                System.getProperty("java.class.path"),
                FakeAgentMain.class.getName(),
                String.valueOf(port))
            .redirectError(Redirect.appendTo(calls.toFile()))
            .start();
    answers = process.inputReader(StandardCharsets.UTF_8);
    port = Integer.parseInt(answers.readLine());
  }

  /** Kills it as {@code kill -9} does, and waits until it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  int port() {
    return port;
  }

  /** Its state, and in the last line how many interfaces it has made. */
  List<String> state() throws IOException {
    process.outputWriter().write("\n");
    process.outputWriter().flush();
    List<String> lines = new ArrayList<>();
    for (String line = answers.readLine(); !line.isEmpty(); line = answers.readLine()) {
      lines.add(line);
    }
    return lines;
  }

  /** The calls of all processes so far. */
  List<String> calls() throws IOException {
    return Files.readAllLines(calls);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
