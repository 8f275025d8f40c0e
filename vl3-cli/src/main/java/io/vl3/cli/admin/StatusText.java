package io.vl3.cli.admin;

import io.vl3.api.admin.v1.Domain;
import io.vl3.api.admin.v1.HealthItem;
import io.vl3.api.admin.v1.Manager;
import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.Pool;
import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.api.admin.v1.Workload;
import io.vl3.cli.render.TextTable;
import io.vl3.internal.log.Printable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How processes are doing, on one screen. */
public final class StatusText {

  /** The columns that a terminal has at least. */
  static final int WIDTH = 80;

  private final List<ProcessStatus> processes;
  private final Map<String, String> silent;
  private final Paint paint;
  private final Instant now;
  private final StringBuilder out = new StringBuilder();

  private StatusText(
      List<ProcessStatus> processes, Map<String, String> silent, Paint paint, Instant now) {
    this.processes = processes;
    this.silent = silent;
    this.paint = paint;
    this.now = now;
  }

  /** The screen. */
  public static String of(
      List<ProcessStatus> processes, Map<String, String> silent, Paint paint, Instant now) {
    StatusText text = new StatusText(processes, silent, paint, now);
    text.summary();
    text.nses();
    text.workloads();
    text.managers();
    text.troubles();
    return text.out.toString();
  }

  private void summary() {
    out.append(
        "%s, %s, %s: %s%n"
            .formatted(
                count(processes.size(), "process", "processes"),
                count(all(ProcessStatus::getNsesList).size(), "NSE", "NSEs"),
                count(all(ProcessStatus::getWorkloadsList).size(), "workload", "workloads"),
                troublesInWords()));
    silent.forEach((socket, why) -> out.append(Paragraph.of("", "silent: " + why)));
  }

  private String troublesInWords() {
    int troubles = all(ProcessStatus::getHealthList).size();
    return troubles == 0 ? "all is well" : count(troubles, "trouble", "troubles");
  }

  private void nses() {
    List<Nse> nses = all(ProcessStatus::getNsesList);
    if (nses.isEmpty()) {
      return;
    }
    TextTable table =
        new TextTable()
            .row(
                List.of(
                    "NSE", "STATE", "SINCE", "PREFIX", "FULL", "LOADS", "PEERS", "DATA", "REG"));
    nses.forEach(nse -> table.row(row(nse)));
    table(table);
  }

  private List<String> row(Nse nse) {
    long up = nse.getPeersList().stream().filter(peer -> peer.getState().equals("up")).count();
    return List.of(
        nse.getName(),
        nse.getState(),
        Ages.since(nse.hasSince(), nse.getSince(), now),
        nse.getPoolsList().isEmpty()
            ? "none"
            : nse.getPoolsList().stream().map(Pool::getPrefix).collect(Collectors.joining(" ")),
        nse.getPoolsList().stream().map(StatusText::full).collect(Collectors.joining(" ")),
        String.valueOf(nse.getWorkloads()),
        up + "/" + nse.getPeersCount(),
        nse.hasDataPlane() ? dataPlane(nse) : "kernel",
        registry(nse.getDomainsList()));
  }

  private static String full(Pool pool) {
    double part = (pool.getTaken() + pool.getExcluded()) / pool.getAddresses();
    return "%d%%".formatted((int) Math.ceil(part * 100));
  }

  private static String dataPlane(Nse nse) {
    if (!nse.getDataPlane().getUp()) {
      return "down";
    }
    int broken = nse.getDataPlane().getBroken();
    String words = broken == 0 ? "up" : broken + " broken";
    String kernel = nse.getDataPlane().getKernel();
    return kernel.isEmpty() ? words : "%s (kernel: %s)".formatted(words, kernel);
  }

  private static String registry(List<Domain> domains) {
    long up = domains.stream().filter(Domain::getUp).count();
    return up == domains.size() ? "up" : "%d/%d".formatted(up, domains.size());
  }

  private void workloads() {
    List<Workload> workloads = all(ProcessStatus::getWorkloadsList);
    if (workloads.isEmpty()) {
      return;
    }
    TextTable table =
        new TextTable().row(List.of("WORKLOAD", "STATE", "SINCE", "ADDRESS", "SERVED BY"));
    for (Workload each : workloads) {
      table.row(
          List.of(
              each.getName(),
              each.getState(),
              Ages.since(each.hasSince(), each.getSince(), now),
              String.join(" ", each.getAddressesList()),
              each.getEndpoint()));
    }
    table(table);
  }

  private void managers() {
    List<ProcessStatus> running = processes.stream().filter(ProcessStatus::hasManager).toList();
    if (running.isEmpty()) {
      return;
    }
    TextTable table =
        new TextTable().row(List.of("MANAGER", "PROCESS", "ENDPOINTS", "CONNECTIONS"));
    for (ProcessStatus process : running) {
      Manager manager = process.getManager();
      table.row(
          List.of(
              manager.getName(),
              String.valueOf(process.getProcess().getPid()),
              String.valueOf(manager.getEndpoints()),
              String.valueOf(manager.getConnections())));
    }
    table(table);
  }

  private void troubles() {
    for (HealthItem item : all(ProcessStatus::getHealthList)) {
      String where = item.getComponent().isEmpty() ? "" : " " + Printable.of(item.getComponent());
      out.append(
          "%n%s %s%s, %s%n"
              .formatted(
                  paint.word(item.getSeverity()),
                  item.getCode(),
                  where,
                  item.hasSince()
                      ? "for " + Ages.since(true, item.getSince(), now)
                      : "at present"));
      out.append(Paragraph.of("  ", item.getText()));
      out.append(Paragraph.of("  ", "Do: " + item.getRemedy()));
    }
  }

  private void table(TextTable table) {
    out.append('\n').append(table.fitting("", WIDTH, paint::word));
  }

  private <T> List<T> all(Function<ProcessStatus, List<T>> part) {
    return processes.stream().flatMap(process -> part.apply(process).stream()).toList();
  }

  private static String count(int number, String one, String more) {
    return number + " " + (number == 1 ? one : more);
  }
}
