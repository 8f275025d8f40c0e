package io.vl3.cli.diagnose.control;

import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.Pool;
import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Subject;
import io.vl3.net.DomainName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether NSEs have addresses left. */
public final class PoolCheck implements Check<Scene> {

  private static final double SOON = 0.95;

  /** A check. */
  public PoolCheck() {}

  @Override
  public String name() {
    return "pools";
  }

  @Override
  public String tries() {
    return "Read how full each own prefix is; 95 % are a warning, all of it an error.";
  }

  @Override
  public Answer look(Scene scene) {
    List<Finding> findings = new ArrayList<>();
    int looked = 0;
    for (Subject process : scene.processes()) {
      for (Nse nse : process.nses()) {
        for (Pool pool : nse.getPoolsList()) {
          looked++;
          double fill = (pool.getTaken() + pool.getExcluded()) / pool.getAddresses();
          if (fill >= SOON) {
            findings.add(finding(DomainName.withoutDomain(nse.getName()), nse, pool, fill >= 1));
          }
        }
      }
    }
    return looked == 0
        ? Answer.skipped("no NSE has a prefix")
        : Answer.of("%d looked at".formatted(looked), findings);
  }

  private static Finding finding(String name, Nse nse, Pool pool, boolean full) {
    String where = "%s of %s".formatted(pool.getPrefix(), name);
    String found =
        "Of %.0f addresses %.0f are taken and %.0f excluded, by %d workloads."
            .formatted(
                pool.getAddresses(), pool.getTaken(), pool.getExcluded(), nse.getWorkloads());
    return full
        ? Finding.error(Fault.POOL_FULL, Set.of(name), where, found)
        : Finding.warning(Fault.POOL_FULL, Set.of(name), where, found);
  }
}
