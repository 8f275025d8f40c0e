package io.vl3.cli.diagnose.control;

import io.vl3.api.admin.v1.HealthItem;
import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Trouble;
import io.vl3.health.HealthCode;
import io.vl3.health.Severity;
import io.vl3.net.DomainName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What processes report themselves and no other check looks into: mostly effects of what they find.
 */
public final class ReportedCheck implements Check<Scene> {

  /** Each is a check's own business. */
  private static final Set<String> ELSEWHERE =
      Set.of(
              HealthCode.POOL_FULL,
              HealthCode.PREFIX_OVERLAP,
              HealthCode.PREFIX_SERVER_AWAY,
              HealthCode.AGENT_AWAY,
              HealthCode.REGISTRATION_DROPPED,
              HealthCode.REGISTRY_AWAY,
              HealthCode.CLOCK_DIFFERS,
              HealthCode.IDENTITY_EXPIRED)
          .stream()
          .map(HealthCode::text)
          .collect(Collectors.toUnmodifiableSet());

  private static final Map<String, Fault> FAULTS =
      Map.ofEntries(
          Map.entry(HealthCode.NO_PREFIX.text(), Fault.NO_PREFIX),
          Map.entry(HealthCode.NOT_REGISTERED.text(), Fault.NOT_REGISTERED),
          Map.entry(HealthCode.NOT_LISTENING.text(), Fault.NOT_LISTENING),
          Map.entry(HealthCode.MANAGER_AWAY.text(), Fault.MANAGER_NOT_OWNED),
          Map.entry(HealthCode.JOURNAL_FAILING.text(), Fault.JOURNAL_FAILING),
          Map.entry(HealthCode.LINKS_BROKEN.text(), Fault.LINKS_BROKEN),
          Map.entry(HealthCode.ROUTER_CHANGED.text(), Fault.ROUTER_CHANGED),
          Map.entry(HealthCode.PEER_DOWN.text(), Fault.PEER_DOWN),
          Map.entry(HealthCode.NOT_ATTACHED.text(), Fault.NOT_ATTACHED),
          Map.entry(HealthCode.WORKLOAD_OFFLINE.text(), Fault.WORKLOAD_OFFLINE));

  /** A check. */
  public ReportedCheck() {}

  @Override
  public String name() {
    return "reports";
  }

  @Override
  public String tries() {
    return "Read what the processes report as wrong, as `vl3 status` shows it.";
  }

  @Override
  public Answer look(Scene scene) {
    long answering =
        scene.processes().stream().filter(process -> process.says().isPresent()).count();
    if (answering == 0) {
      return Answer.skipped("no process answers");
    }
    List<Finding> findings = new ArrayList<>();
    for (Trouble trouble : scene.troubles()) {
      if (!ELSEWHERE.contains(trouble.item().getCode())) {
        findings.add(finding(trouble));
      }
    }
    return Answer.of("%d processes report".formatted(answering), findings);
  }

  private static Finding finding(Trouble trouble) {
    HealthItem item = trouble.item();
    Fault fault = FAULTS.getOrDefault(item.getCode(), Fault.TROUBLE);
    String component = item.getComponent();
    String whole = item.getSubject().isEmpty() ? component : item.getSubject() + " of " + component;
    String where = fault == Fault.TROUBLE ? item.getCode() + " " + whole : whole;
    Severity severity =
        item.getSeverity().equals(Severity.WARNING.name().toLowerCase(Locale.ROOT))
            ? Severity.WARNING
            : Severity.ERROR;
    return new Finding(
        fault,
        severity,
        concerns(trouble),
        where.isBlank() ? trouble.subject().name() : where,
        "%s reports: %s.".formatted(trouble.subject().name(), item.getText()));
  }

  /** A workload may suffer from whatever there is. */
  private static Set<String> concerns(Trouble trouble) {
    HealthItem item = trouble.item();
    String component = DomainName.withoutDomain(item.getComponent());
    if (!trouble.subject().nseNames().contains(component)) {
      return Set.of();
    }
    Set<String> all = new HashSet<>(Set.of(component));
    if (item.getCode().equals(HealthCode.PEER_DOWN.text())) {
      all.add(DomainName.withoutDomain(item.getSubject()));
    }
    return all;
  }
}
