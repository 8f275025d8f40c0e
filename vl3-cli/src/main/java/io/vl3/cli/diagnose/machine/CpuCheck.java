package io.vl3.cli.diagnose.machine;

import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.CpuPeriods;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Whether cgroups hold processes back. */
public final class CpuCheck implements Check<Scene> {

  private static final double OFTEN = 0.2;

  /** Fewer periods than that prove nothing: every start takes what it gets. */
  private static final long MANY_PERIODS = 100;

  /** A check. */
  public CpuCheck() {}

  @Override
  public String name() {
    return "CPU";
  }

  @Override
  public String tries() {
    return "Read cpu.stat of each process's cgroup before and after the process was asked: a fifth"
        + " of the periods throttled meanwhile is an error, since ever a warning.";
  }

  @Override
  public Answer look(Scene scene) {
    List<Finding> findings = new ArrayList<>();
    Map<String, Set<String>> groups = groups(scene);
    groups.forEach((file, nses) -> look(scene, file, nses).ifPresent(findings::add));
    return groups.isEmpty()
        ? Answer.skipped("no process in a cgroup that limits it")
        : Answer.of("%d cgroups looked at".formatted(groups.size()), findings);
  }

  private static Optional<Finding> look(Scene scene, String file, Set<String> nses) {
    Optional<CpuPeriods> now = CpuPeriods.read(scene.kernel(), file);
    if (now.isEmpty()) {
      return Optional.empty();
    }
    CpuPeriods all = now.get();
    CpuPeriods meanwhile = all.since(scene.cpuBefore(file).orElse(all));
    String where =
        "cgroup " + file.replaceFirst("^sys/fs/cgroup", "").replaceFirst("cpu.stat$", "");
    String found =
        "%d of %d periods were throttled while the process was asked, %d of %d since ever."
            .formatted(meanwhile.throttled(), meanwhile.all(), all.throttled(), all.all());
    if (isOften(meanwhile, 1)) {
      return Optional.of(Finding.error(Fault.CPU_THROTTLED, nses, where, found));
    }
    return isOften(all, MANY_PERIODS)
        ? Optional.of(Finding.warning(Fault.CPU_THROTTLED, nses, where, found))
        : Optional.empty();
  }

  private static boolean isOften(CpuPeriods periods, long least) {
    return periods.all() >= least && periods.throttled() >= OFTEN * periods.all();
  }

  /** NSEs by the file of their process's cgroup. */
  private static Map<String, Set<String>> groups(Scene scene) {
    Map<String, Set<String>> groups = new TreeMap<>();
    for (Subject process : scene.processes()) {
      process
          .pid()
          .flatMap(pid -> CpuPeriods.file(scene.kernel(), pid))
          .ifPresent(
              file ->
                  groups.computeIfAbsent(file, any -> new TreeSet<>()).addAll(process.nseNames()));
    }
    return groups;
  }
}
