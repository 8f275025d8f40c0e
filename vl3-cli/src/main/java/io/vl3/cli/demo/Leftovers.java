package io.vl3.cli.demo;

import io.vl3.cli.assembly.Directories;
import io.vl3.linux.Netns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Everything that the demonstration makes, on record before it is made: the same removal serves the
 * end of a demonstration and the leftovers of a killed one. Foreign objects are on no record.
 */
final class Leftovers {

  private final Path dir;
  private final Path made;

  Leftovers(Path dir) {
    this.dir = dir;
    this.made = dir.resolve("made");
  }

  /** Notes namespaces that are about to be made. */
  void record(List<String> namespaces) throws IOException {
    Files.write(
        made,
        namespaces,
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** Removes what is on record: processes first, then namespaces with all in them, then files. */
  void remove() throws IOException {
    killProcesses();
    if (Files.exists(made)) {
      Netns.deleteAll(Files.readAllLines(made).stream().distinct().toList());
    }
    Directories.delete(dir);
  }

  /** Our processes carry the directory in their environment. */
  private void killProcesses() {
    String tag = "VL3_RUN_DIR=" + dir + "/";
    List<ProcessHandle> ours =
        ProcessHandle.allProcesses()
            .filter(process -> process.pid() != ProcessHandle.current().pid())
            .filter(process -> environment(process).anyMatch(entry -> entry.startsWith(tag)))
            .toList();
    ours.forEach(ProcessHandle::destroyForcibly);
    ours.forEach(Leftovers::awaitEnd);
  }

  private static Stream<String> environment(ProcessHandle process) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc/" + process.pid() + "/environ"));
      return Stream.of(new String(bytes, StandardCharsets.UTF_8).split("\0", -1));
    } catch (IOException goneOrForeign) {
      return Stream.empty();
    }
  }

  private static void awaitEnd(ProcessHandle process) {
    process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
  }
}
