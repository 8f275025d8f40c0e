package io.vl3.cli.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A cgroup with next to no processor time; its processes go back to where they were at the end. */
final class CpuQuota implements AutoCloseable {

  private static final Path ONE = Path.of("/sys/fs/cgroup/cpu");
  private static final Path TWO = Path.of("/sys/fs/cgroup");

  private final Path group;
  private final Path home;
  private final List<Long> taken = new ArrayList<>();

  private CpuQuota(Path group, Path home) {
    this.group = group;
    this.home = home;
  }

  /** One percent of a processor; the test is skipped where no cgroup can be made. */
  static CpuQuota tight(String name) throws IOException {
    boolean first = Files.isDirectory(ONE);
    Path root = first ? ONE : TWO;
    Path group = root.resolve(name);
    try {
      Files.createDirectory(group);
      if (first) {
        Files.writeString(group.resolve("cpu.cfs_period_us"), "100000");
        Files.writeString(group.resolve("cpu.cfs_quota_us"), "1000");
      } else {
        Files.writeString(group.resolve("cpu.max"), "1000 100000");
      }
    } catch (IOException refused) {
      Files.deleteIfExists(group);
      assumeTrue(false, "cgroups with a CPU controller: " + refused);
    }
    return new CpuQuota(group, root.resolve(own(first)));
  }

  /** Where this process is: its children are there too. */
  private static String own(boolean first) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
        .map(line -> line.split(":", 3))
        .filter(
            parts -> first ? List.of(parts[1].split(",", -1)).contains("cpu") : parts[1].isEmpty())
        .map(parts -> parts[2].substring(1))
        .findFirst()
        .orElse("");
  }

  void take(long pid) throws IOException {
    Files.writeString(group.resolve("cgroup.procs"), String.valueOf(pid));
    taken.add(pid);
  }

  @Override
  public void close() throws IOException {
    for (long pid : taken) {
      Files.writeString(home.resolve("cgroup.procs"), String.valueOf(pid));
    }
    Files.delete(group);
  }
}
