package io.vl3.cli.diagnose.machine;

import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.KernelFiles;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether processes have file descriptors left. */
public final class FilesCheck implements Check<Scene> {

  private static final String LIMIT = "Max open files";
  private static final double SOON = 0.75;
  private static final double NOW = 0.95;

  /** A check. */
  public FilesCheck() {}

  @Override
  public String name() {
    return "file descriptors";
  }

  @Override
  public String tries() {
    return "Count the open files of each process beside its limit; three quarters are a"
        + " warning, 95 % an error.";
  }

  @Override
  public Answer look(Scene scene) {
    List<Finding> findings = new ArrayList<>();
    int looked = 0;
    for (Subject process : scene.processes()) {
      Optional<Use> use = process.pid().flatMap(pid -> use(scene.kernel(), pid));
      looked += use.isPresent() ? 1 : 0;
      use.filter(known -> known.part() >= SOON)
          .ifPresent(known -> findings.add(finding(process, known)));
    }
    return looked == 0
        ? Answer.skipped("no process that can be looked at")
        : Answer.of("%d processes looked at".formatted(looked), findings);
  }

  private static Finding finding(Subject process, Use use) {
    String found = "%d files are open of %d that are allowed.".formatted(use.open(), use.limit());
    return use.part() >= NOW
        ? Finding.error(Fault.FILES_EXHAUSTED, process.nseNames(), process.name(), found)
        : Finding.warning(Fault.FILES_EXHAUSTED, process.nseNames(), process.name(), found);
  }

  private record Use(long open, long limit) {
    double part() {
      return (double) open / limit;
    }
  }

  private static Optional<Use> use(KernelFiles kernel, long pid) {
    long open = kernel.list("proc/%d/fd".formatted(pid)).size();
    return kernel.lines("proc/%d/limits".formatted(pid)).stream()
        .filter(line -> line.startsWith(LIMIT))
        .map(line -> line.substring(LIMIT.length()).strip().split(" +", -1)[0])
        .filter(soft -> soft.matches("[1-9][0-9]{0,17}"))
        .map(soft -> new Use(open, Long.parseLong(soft)))
        .filter(use -> use.open() > 0)
        .findFirst();
  }
}
