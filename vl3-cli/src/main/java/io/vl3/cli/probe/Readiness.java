package io.vl3.cli.probe;

import io.vl3.admin.Observed;
import io.vl3.health.HealthCode;
import io.vl3.health.HealthItem;
import io.vl3.links.LinksStatus;
import io.vl3.status.NseStatus;
import io.vl3.status.NseView;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether NSEs have started, and can serve who comes now. */
public final class Readiness {

  /** Of an NSE or the process: nobody new finds a way in. */
  private static final Set<HealthCode> UNREACHABLE =
      EnumSet.of(HealthCode.NOT_LISTENING, HealthCode.MANAGER_AWAY);

  private final Observed process;

  Readiness(Observed process) {
    this.process = process;
  }

  /** Whether an NSE was registered, and is not being registered anew. */
  public static boolean isRegistered(NseStatus nse, List<HealthItem> lasting) {
    return nse.registered().isPresent()
        && trouble(nse, HealthCode.NOT_REGISTERED, lasting).isEmpty();
  }

  /** Whether each has begun to serve and was registered once. */
  List<Check> started() {
    List<Check> all = new ArrayList<>();
    for (NseStatus nse : nses()) {
      String subject = nse.name() + " started";
      if (nse.started().isEmpty()) {
        all.add(Check.failing(subject, "it does not serve yet"));
      } else {
        all.add(
            nse.registered().isPresent()
                ? Check.well(subject)
                : Check.failing(subject, "it was not registered yet"));
      }
    }
    return all;
  }

  /** Whether each is registered, reachable, and has a prefix and a data plane. */
  List<Check> ready() {
    List<HealthItem> lasting = process.board().items();
    List<Check> all = new ArrayList<>();
    all.add(
        lasting.stream()
            .filter(item -> UNREACHABLE.contains(item.code()))
            .findFirst()
            .map(item -> Check.failing("reachable", item.text()))
            .orElseGet(() -> Check.well("reachable")));
    for (NseStatus nse : nses()) {
      all.add(registered(nse, lasting));
      all.add(new Check(nse.name() + " prefix", nse.noPrefix()));
      nse.links().ifPresent(links -> all.add(dataPlane(nse, links)));
    }
    return all;
  }

  private static Check registered(NseStatus nse, List<HealthItem> lasting) {
    String subject = nse.name() + " registered";
    if (isRegistered(nse, lasting)) {
      return Check.well(subject);
    }
    return Check.failing(
        subject,
        trouble(nse, HealthCode.NOT_REGISTERED, lasting)
            .map(HealthItem::text)
            .orElse("the manager has not answered yet"));
  }

  private static Check dataPlane(NseStatus nse, LinksStatus links) {
    String subject = nse.name() + " data plane";
    return links.up() ? Check.well(subject) : Check.failing(subject, "it does not answer");
  }

  private static Optional<HealthItem> trouble(
      NseStatus nse, HealthCode code, List<HealthItem> lasting) {
    return lasting.stream()
        .filter(item -> item.code() == code && item.component().equals(nse.name()))
        .findFirst();
  }

  private List<NseStatus> nses() {
    return process.nses().get().stream().map(NseView::status).toList();
  }
}
