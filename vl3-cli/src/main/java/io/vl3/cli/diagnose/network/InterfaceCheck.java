package io.vl3.cli.diagnose.network;

import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Site;
import io.vl3.linux.LinkSurvey;
import io.vl3.linux.LinkSurvey.Stray;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether the interfaces of links are there, under the names that they were made with. */
public final class InterfaceCheck implements Check<Scene> {

  private static final long AGAIN_MILLIS = 700;

  /** A check. */
  public InterfaceCheck() {}

  @Override
  public String name() {
    return "interfaces";
  }

  @Override
  public String tries() {
    return "Compare the interfaces in the namespace of each NSE with the manager's records of links,"
        + " twice, as a link that is being made comes later.";
  }

  @Override
  public Answer look(Scene scene) throws IOException, InterruptedException {
    List<Site> sites = scene.sites();
    List<Finding> findings = new ArrayList<>();
    for (Site site : sites) {
      List<Stray> strays = new ArrayList<>(survey(site));
      if (!strays.isEmpty()) {
        var unused = new CountDownLatch(1).await(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        strays.retainAll(survey(site));
      }
      strays.forEach(stray -> findings.add(finding(site, stray)));
    }
    return sites.isEmpty()
        ? Answer.skipped("no namespace of an NSE is here")
        : Answer.of("%d namespaces looked at".formatted(sites.size()), findings);
  }

  private static List<Stray> survey(Site site) throws IOException {
    return LinkSurvey.of(site.netns(), site.subject().runDirectory().resolve("links"));
  }

  private static Finding finding(Site site, Stray stray) {
    return stray
        .now()
        .map(
            now ->
                Finding.error(
                    Fault.INTERFACE_RENAMED,
                    Set.of(site.nse()),
                    "%s of %s is %s now".formatted(stray.was(), site.nse(), now),
                    "The link was made with %s in %s; by its mark it is %s."
                        .formatted(stray.was(), site.namespace(), now)))
        .orElseGet(
            () ->
                Finding.error(
                    Fault.INTERFACE_MISSING,
                    Set.of(site.nse()),
                    "%s of %s".formatted(stray.was(), site.nse()),
                    "The link was made with it in %s, and no interface there has its mark."
                        .formatted(site.namespace())));
  }
}
