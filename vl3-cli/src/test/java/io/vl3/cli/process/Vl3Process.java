package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.assembly.SelfCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A {@code vl3} command in a process of its own, with its output in a file. */
public final class Vl3Process {

  private final Process process;
  private final Path log;

  private Vl3Process(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts a command; its output replaces the file. */
  public static Vl3Process start(Path log, String... arguments) throws IOException {
    return start(log, Map.of(), arguments);
  }

  /** The same with more variables in its environment. */
  static Vl3Process start(Path log, Map<String, String> variables, String... arguments)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(SelfCommand.line(List.of(arguments)))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    process.getOutputStream().close();
    return new Vl3Process(process, log);
  }

  /** Its number. */
  public long pid() {
    return process.pid();
  }

  /** What it has printed. */
  public String output() throws IOException {
    return Files.readString(log);
  }

  /** Waits until it has printed the text. */
  public void awaitOutput(String text) throws Exception {
    Wait.until(() -> "output has " + text + ": " + words(), () -> words().contains(text));
  }

  /** Kills it as {@code kill -9} does, and waits until it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Asks it to end, and waits until it has. */
  public void stop() throws InterruptedException {
    process.destroy();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    if (!ended) {
      kill();
    }
    assertThat(ended).as("it ends when asked: " + words()).isTrue();
  }

  /** Sends it a signal, such as {@code STOP}. */
  void signal(String signal) throws IOException, InterruptedException {
    String line = "kill -%s %d".formatted(signal, process.pid());
    assertThat(new ProcessBuilder("sh", "-c", line).start().waitFor()).as(line).isZero();
  }

  /** Sends it SIGTERM, if it is alive, and does not wait. */
  void terminate() {
    process.destroy();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** How it ended. */
  public int exitCode() {
    return process.exitValue();
  }

  /** Kills it, and does not wait. */
  void destroy() {
    process.destroyForcibly();
  }

  private String words() {
    try {
      return output();
    } catch (IOException unreadable) {
      return String.valueOf(unreadable.getMessage());
    }
  }
}
