package io.vl3.cli.diagnose.control;

import io.vl3.api.admin.v1.Nse;
import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Door;
import io.vl3.cli.diagnose.scene.ManagerView;
import io.vl3.cli.diagnose.scene.RegistryReply;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Trouble;
import io.vl3.health.HealthCode;
import io.vl3.net.DomainName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether the registry behind a manager answers, and remembers what was registered. */
public final class RegistryCheck implements Check<Scene> {

  /** A check. */
  public RegistryCheck() {}

  @Override
  public String name() {
    return "registry";
  }

  @Override
  public String tries() {
    return "Look up the endpoints of each network service as an NSE does, and whether every NSE that"
        + " is registered is among them.";
  }

  @Override
  public Answer look(Scene scene) {
    List<Finding> findings = new ArrayList<>();
    int asked = 0;
    for (ManagerView manager : scene.managers()) {
      if ((!manager.embedded() || manager.used())
          && Door.knock(manager.url(), manager.from()).open()) {
        RegistryReply reply = scene.registry(manager);
        asked += reply.asked() ? 1 : 0;
        reply.failure().ifPresent(why -> findings.add(down(manager, "own", why.getMessage())));
        if (reply.answered()) {
          findings.addAll(forgotten(scene, manager, reply));
        }
      }
    }
    Set<Fault> known = findings.stream().map(Finding::fault).collect(Collectors.toSet());
    if (!known.contains(Fault.REGISTRY_DOWN)) {
      scene.troubles(HealthCode.REGISTRY_AWAY).forEach(away -> findings.add(down(away)));
    }
    if (!known.contains(Fault.REGISTRY_AMNESIA)) {
      scene.troubles(HealthCode.REGISTRATION_DROPPED).forEach(lost -> findings.add(lost(lost)));
    }
    return asked == 0 && findings.isEmpty()
        ? Answer.skipped("no registry can be asked from here")
        : Answer.of("%d asked".formatted(asked), findings);
  }

  private static Finding down(ManagerView manager, String which, String why) {
    return Finding.error(
        Fault.REGISTRY_DOWN,
        manager.nses(),
        "behind " + manager.url(),
        "The manager takes connections, and a look-up in its %s registry fails: %s."
            .formatted(which, why));
  }

  private static Finding down(Trouble away) {
    DomainName service = DomainName.parse(away.item().getSubject());
    return Finding.error(
        Fault.REGISTRY_DOWN,
        Set.of(DomainName.withoutDomain(away.item().getComponent())),
        service.remote() ? "of domain " + service.domain() : "of " + service,
        sentence(away));
  }

  private static Finding lost(Trouble lost) {
    String nse = DomainName.withoutDomain(lost.item().getComponent());
    return Finding.error(Fault.REGISTRY_AMNESIA, Set.of(nse), nse, sentence(lost));
  }

  private static String sentence(Trouble trouble) {
    return "%s reports: %s.".formatted(trouble.subject().name(), trouble.item().getText());
  }

  private static List<Finding> forgotten(Scene scene, ManagerView manager, RegistryReply reply) {
    Set<String> shown = new TreeSet<>();
    reply.records().forEach(record -> shown.add(record.localName()));
    return scene.processes().stream()
        .flatMap(process -> process.nses().stream())
        .filter(Nse::hasRegistered)
        .map(nse -> DomainName.withoutDomain(nse.getName()))
        .filter(nse -> manager.nses().contains(nse) && !shown.contains(nse))
        .filter(nse -> isRegistered(scene, nse))
        .map(nse -> forgotten(manager, nse, shown))
        .toList();
  }

  /** An NSE that reports itself as not registered is another fault. */
  private static boolean isRegistered(Scene scene, String nse) {
    return scene.troubles(HealthCode.NOT_REGISTERED).stream()
        .noneMatch(trouble -> DomainName.withoutDomain(trouble.item().getComponent()).equals(nse));
  }

  private static Finding forgotten(ManagerView manager, String nse, Set<String> shown) {
    return Finding.error(
        Fault.REGISTRY_AMNESIA,
        Set.of(nse),
        nse,
        "%s is registered, and a look-up by %s does not show it (shown: %s)."
            .formatted(nse, manager.url(), shown.isEmpty() ? "nobody" : String.join(", ", shown)));
  }
}
