package io.vl3.cli.diagnose.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recorded files of both versions of cgroups. */
class CpuPeriodsTest {

  @TempDir private Path root;

  @Test
  void versionTwo() throws IOException {
    record("proc/7/cgroup", "0::/kubepods/pod1\n");
    record(
        "sys/fs/cgroup/kubepods/pod1/cpu.stat",
        "usage_usec 5\nnr_periods 200\nnr_throttled 90\nthrottled_usec 8\n");
    assertRead("sys/fs/cgroup/kubepods/pod1/cpu.stat", new CpuPeriods(200, 90));
  }

  @Test
  void versionOne_withControllersThatShareADirectory() throws IOException {
    record("proc/7/cgroup", "4:memory:/x\n3:cpu,cpuacct:/docker/a\n0::/\n");
    record("sys/fs/cgroup/cpu,cpuacct/docker/a/cpu.stat", "nr_periods 10\nnr_throttled 1\n");
    assertRead("sys/fs/cgroup/cpu,cpuacct/docker/a/cpu.stat", new CpuPeriods(10, 1));
  }

  @Test
  void versionOne_whereAnotherControllersNameBeginsSo() throws IOException {
    record("proc/7/cgroup", "5:cpuset:/a\n3:cpu,cpuacct:/a\n");
    record("sys/fs/cgroup/cpuset/a/cpu.stat", "nr_periods 99\nnr_throttled 9\n");
    record("sys/fs/cgroup/cpu,cpuacct/a/cpu.stat", "nr_periods 10\nnr_throttled 1\n");
    assertRead("sys/fs/cgroup/cpu,cpuacct/a/cpu.stat", new CpuPeriods(10, 1));
  }

  @Test
  void whoIsLimitedByNobody_hasNone() throws IOException {
    record("proc/7/cgroup", "0::/\n");
    record("sys/fs/cgroup/cpu.stat", "usage_usec 5\n");
    assertThat(CpuPeriods.file(new KernelFiles(root), 7)).isEmpty();
  }

  private void assertRead(String file, CpuPeriods periods) {
    KernelFiles kernel = new KernelFiles(root);
    assertThat(CpuPeriods.file(kernel, 7)).contains(file);
    assertThat(CpuPeriods.read(kernel, file)).contains(periods);
    assertThat(periods.since(new CpuPeriods(1, 1)))
        .isEqualTo(new CpuPeriods(periods.all() - 1, periods.throttled() - 1));
  }

  private void record(String path, String text) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), text);
  }
}
