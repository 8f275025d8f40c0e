package io.vl3.cli.diagnose.network;

import io.vl3.api.admin.v1.Route;
import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Site;
import io.vl3.failure.EndpointException;
import io.vl3.links.InstalledLinks;
import io.vl3.linux.links.NamespaceLinks;
import io.vl3.net.DomainName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether the routes that connections ask for are installed. */
public final class RouteCheck implements Check<Scene> {

  /** A check. */
  public RouteCheck() {}

  @Override
  public String name() {
    return "routes";
  }

  @Override
  public String tries() {
    return "Look for routes that connections of an NSE ask for and its namespace lacks, as"
        + " `vl3 routes` does, and look again there.";
  }

  @Override
  public Answer look(Scene scene) throws EndpointException {
    List<Finding> findings = new ArrayList<>();
    int looked = 0;
    for (Site site : scene.sites()) {
      List<Route> missing = new ArrayList<>();
      for (Route route : routes(site)) {
        looked++;
        if (route.getState().equals("missing")) {
          missing.add(route);
        }
      }
      if (!missing.isEmpty()) {
        InstalledLinks now = NamespaceLinks.of(site.netns());
        missing.removeIf(route -> isThere(now, route));
        missing.forEach(route -> findings.add(finding(site, route)));
      }
    }
    return looked == 0
        ? Answer.skipped("no routes are known")
        : Answer.of("%d looked at".formatted(looked), findings);
  }

  private static List<Route> routes(Site site) {
    return site.subject()
        .says()
        .map(
            member ->
                member.routes().stream()
                    .filter(
                        route -> DomainName.withoutDomain(route.getComponent()).equals(site.nse()))
                    .toList())
        .orElse(List.of());
  }

  private static boolean isThere(InstalledLinks now, Route route) {
    return now.routes().stream()
        .anyMatch(
            there ->
                there.destination().toString().equals(route.getDestination())
                    && there.interfaceName().equals(route.getInterface()));
  }

  private static Finding finding(Site site, Route route) {
    String by = route.getInterface().isEmpty() ? "unreachable" : "by " + route.getInterface();
    return Finding.error(
        Fault.ROUTE_MISSING,
        Set.of(site.nse()),
        "%s %s of %s".formatted(route.getDestination(), by, site.nse()),
        "The link%s asks for it, and %s has none."
            .formatted(route.getTo().isEmpty() ? "" : " to " + route.getTo(), site.namespace()));
  }
}
