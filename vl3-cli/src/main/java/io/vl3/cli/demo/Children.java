package io.vl3.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The child processes: each in its node's network namespace, with its output in a log file of its
 * own. None outlives {@link #stop}.
 */
final class Children {

  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Path logs;
  private final List<Child> running = new ArrayList<>();

  Children(Path logs) {
    this.logs = logs;
  }

  /**
   * A started process.
   *
   * @param name what it is, for people
   * @param process the process
   * @param log its output, both streams
   */
  record Child(String name, Process process, Path log) {

    /** Whether a line that it wrote holds the text. */
    boolean said(String text) {
      try (Stream<String> lines = Files.lines(log)) {
        return lines.anyMatch(line -> line.contains(text));
      } catch (IOException | java.io.UncheckedIOException notYet) {
        return false;
      }
    }

    /** The last lines that it wrote. */
    String lastWords() {
      try (Stream<String> lines = Files.lines(log)) {
        List<String> all = lines.filter(line -> !line.isBlank()).toList();
        return String.join("\n  ", all.subList(Math.max(0, all.size() - 5), all.size()));
      } catch (IOException | java.io.UncheckedIOException unreadable) {
        return "(no output: " + unreadable.getMessage() + ")";
      }
    }
  }

  /**
   * Starts a process.
   *
   * @param netns the network namespace that it runs in; {@code ip netns exec} would give it a mount
   *     namespace of its own too, and hide the namespaces that it pins
   */
  synchronized Child start(
      String name, String netns, List<String> command, Map<String, String> environment)
      throws IOException {
    List<String> line = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + netns, "--"));
    line.addAll(command);
    Path log = logs.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    Child child = new Child(name, builder.start(), log);
    running.add(child);
    return child;
  }

  /** The children that ended by themselves. */
  synchronized List<Child> dead() {
    return running.stream().filter(child -> !child.process().isAlive()).toList();
  }

  /** Asks all to end; kills what has not ended in time. */
  synchronized void stop() {
    for (Child child : running) {
      child.process().destroy();
    }
    long end = System.nanoTime() + GRACE.toNanos();
    for (Child child : running) {
      await(child.process(), end - System.nanoTime());
    }
    running.clear();
  }

  private static void await(Process process, long nanos) {
    try {
      if (!process.waitFor(Math.max(0, nanos), TimeUnit.NANOSECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
