package io.vl3.cli.diagnose.machine;

import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Subject;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Whether there is room for journals, records and sockets. */
public final class DiskCheck implements Check<Scene> {

  /** A journal is written whole at times; small file systems have less to begin with. */
  private static final long LEAST_BYTES = 1 << 20;

  private static final int LEAST_PART = 20;

  /** A check. */
  public DiskCheck() {}

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public String tries() {
    return "Look for free space where run directories and journals are: 1 MiB, or a twentieth of a"
        + " smaller file system.";
  }

  @Override
  public Answer look(Scene scene) throws IOException {
    Map<Path, Set<String>> used = used(scene);
    List<Finding> findings = new ArrayList<>();
    for (Map.Entry<Path, Set<String>> each : used.entrySet()) {
      FileStore store = Files.getFileStore(existing(each.getKey()));
      long least = Math.min(LEAST_BYTES, store.getTotalSpace() / LEAST_PART);
      if (store.getUsableSpace() < least) {
        findings.add(full(each.getKey(), each.getValue(), store));
      }
    }
    return Answer.of("%d directories looked at".formatted(used.size()), findings);
  }

  private static Finding full(Path directory, Set<String> nses, FileStore store)
      throws IOException {
    return Finding.error(
        Fault.DISK_FULL,
        nses,
        directory.toString(),
        "Its file system (%s) has %d KiB free of %d KiB."
            .formatted(store.name(), store.getUsableSpace() / 1024, store.getTotalSpace() / 1024));
  }

  private static Map<Path, Set<String>> used(Scene scene) {
    Map<Path, Set<String>> used = new TreeMap<>();
    for (Subject subject : scene.subjects()) {
      List<Path> directories = new ArrayList<>(List.of(subject.runDirectory()));
      subject
          .setup()
          .nses()
          .flatMap(config -> config.state().journals())
          .ifPresent(directories::add);
      for (Path directory : directories) {
        used.computeIfAbsent(directory.toAbsolutePath(), any -> new TreeSet<>())
            .addAll(subject.nseNames());
      }
    }
    return used;
  }

  private static Path existing(Path directory) {
    Path at = directory;
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }
}
