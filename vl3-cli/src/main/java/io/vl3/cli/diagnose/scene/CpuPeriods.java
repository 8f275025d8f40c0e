package io.vl3.cli.diagnose.scene;

import java.util.List;
import java.util.Optional;

/**
 * How often a cgroup used up its quota of processor time, as its {@code cpu.stat} counts it
 * (cgroup-v2.rst, sched-bwc.rst of the kernel).
 *
 * @param all periods in which somebody ran
 * @param throttled those of them in which the quota was used up
 */
public record CpuPeriods(long all, long throttled) {

  /** The periods since another look. */
  public CpuPeriods since(CpuPeriods before) {
    return new CpuPeriods(all - before.all, throttled - before.throttled);
  }

  /** Reads a file; empty if it is not there, or counts no periods. */
  public static Optional<CpuPeriods> read(KernelFiles kernel, String file) {
    Optional<Long> all = kernel.number(file, "nr_periods");
    Optional<Long> throttled = kernel.number(file, "nr_throttled");
    return all.flatMap(periods -> throttled.map(those -> new CpuPeriods(periods, those)));
  }

  /** The file of a process's cgroup; empty if it is in none that counts. */
  public static Optional<String> file(KernelFiles kernel, long pid) {
    return kernel.lines("proc/%d/cgroup".formatted(pid)).stream()
        .flatMap(line -> file(line).stream())
        .filter(file -> read(kernel, file).isPresent())
        .findFirst();
  }

  /** Lines are {@code ID:CONTROLLERS:PATH}; version 2 has no controllers in its one. */
  private static Optional<String> file(String line) {
    String[] parts = line.split(":", 3);
    boolean hasCpu =
        parts.length == 3
            && (parts[1].isEmpty() || List.of(parts[1].split(",", -1)).contains("cpu"));
    return hasCpu
        ? Optional.of(
            "sys/fs/cgroup%s%s/cpu.stat"
                .formatted(
                    parts[1].isEmpty() ? "" : "/" + parts[1], parts[2].replaceFirst("/$", "")))
        : Optional.empty();
  }
}
