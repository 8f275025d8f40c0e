package io.vl3.cli.diagnose.control;

import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.ManagerView;
import io.vl3.cli.diagnose.scene.RegistryReply;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Trouble;
import io.vl3.health.HealthCode;
import io.vl3.net.DomainName;
import io.vl3.registry.ClockDifference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a registry's clock is that of this machine, by the times of registrations. */
public final class ClockCheck implements Check<Scene> {

  /** A check. */
  public ClockCheck() {}

  @Override
  public String name() {
    return "clock";
  }

  @Override
  public String tries() {
    return "Compare the times of registrations with this machine's clock: one that is over, or is"
        + " yet to come, by more than a minute.";
  }

  @Override
  public Answer look(Scene scene) {
    List<Finding> findings = new ArrayList<>();
    Instant now = scene.clock().instant();
    int compared = 0;
    for (ManagerView manager : scene.managers()) {
      if (manager.used() || !manager.embedded()) {
        RegistryReply reply = scene.registry(manager);
        compared += reply.records().size();
        differing(reply, now).ifPresent(text -> findings.add(finding(manager, text)));
      }
    }
    if (findings.isEmpty()) {
      scene.troubles(HealthCode.CLOCK_DIFFERS).forEach(differs -> findings.add(finding(differs)));
    }
    return compared == 0 && findings.isEmpty()
        ? Answer.skipped("no registration to compare with")
        : Answer.of("%d registrations compared".formatted(compared), findings);
  }

  private static Optional<String> differing(RegistryReply reply, Instant now) {
    return reply.records().stream()
        .flatMap(record -> ClockDifference.of(record, now).stream())
        .findFirst();
  }

  private static Finding finding(ManagerView manager, String text) {
    return Finding.error(
        Fault.CLOCK_OFF,
        manager.nses(),
        "this machine's or that of the registry behind " + manager.url(),
        text + ".");
  }

  private static Finding finding(Trouble differs) {
    String nse = DomainName.withoutDomain(differs.item().getComponent());
    return Finding.error(
        Fault.CLOCK_OFF,
        Set.of(nse),
        "this machine's or that of the registry of " + nse,
        differs.item().getText() + ".");
  }
}
