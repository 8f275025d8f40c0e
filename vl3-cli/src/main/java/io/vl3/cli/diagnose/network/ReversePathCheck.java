package io.vl3.cli.diagnose.network;

import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Site;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether packets are dropped whose way back differs. Of an interface's value and that of {@code
 * all} the greater counts (ip-sysctl.rst).
 */
public final class ReversePathCheck implements Check<Scene> {

  private static final String SETTING = "ipv4/conf/*/rp_filter";
  private static final String STRICT = "1";

  /** A check. */
  public ReversePathCheck() {}

  @Override
  public String name() {
    return "reverse path";
  }

  @Override
  public String tries() {
    return "Read net.ipv4.conf.IF.rp_filter of each interface in the namespace of each NSE.";
  }

  @Override
  public Answer look(Scene scene) throws IOException {
    return Sites.each(scene, site -> look(scene, site));
  }

  private static Optional<Finding> look(Scene scene, Site site) throws IOException {
    Map<String, String> filters = Sysctls.of(site, scene.kernel(), List.of(SETTING)).all();
    List<String> strict =
        filters.entrySet().stream()
            .filter(filter -> filter.getValue().equals(STRICT))
            .map(filter -> filter.getKey().split("/", -1)[2])
            .filter(name -> !name.equals("default") && !name.equals("lo"))
            .toList();
    return strict.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Finding.error(
                Fault.REVERSE_PATH_STRICT,
                Set.of(site.nse()),
                "%s, %s".formatted(site.nse(), site.namespace()),
                "rp_filter is 1 (expected: 0) for %s.".formatted(String.join(", ", strict))));
  }
}
