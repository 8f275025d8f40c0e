package io.vl3.cli.diagnose.network;

import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at the namespace of each NSE, one after the other. */
final class Sites {

  private Sites() {}

  /** Looks at one. */
  interface Look {

    /** What is wrong there; empty: nothing. */
    Optional<Finding> at(Site site) throws IOException;
  }

  static Answer each(Scene scene, Look look) throws IOException {
    List<Finding> findings = new ArrayList<>();
    List<Site> sites = scene.sites();
    for (Site site : sites) {
      look.at(site).ifPresent(findings::add);
    }
    return sites.isEmpty()
        ? Answer.skipped("no namespace of an NSE is here")
        : Answer.of("%d namespaces looked at".formatted(sites.size()), findings);
  }
}
