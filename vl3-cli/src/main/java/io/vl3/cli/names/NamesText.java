package io.vl3.cli.names;

import io.vl3.api.svreg.EventType;
import io.vl3.api.svreg.ServiceWorkload;
import io.vl3.api.svreg.Workload;
import io.vl3.api.svreg.WorkloadEvent;
import io.vl3.cli.admin.Paint;
import io.vl3.cli.render.TextTable;
import io.vl3.internal.log.Printable;
import java.util.List;
import java.util.stream.Collectors;

/** Registered workloads as text: a row each. */
public final class NamesText {

  private static final int WIDTH = 80;

  private NamesText() {}

  /** A table. */
  public static String table(List<ServiceWorkload> services, Paint paint) {
    TextTable table =
        new TextTable().row(List.of("NAME", "DOMAIN", "WORKLOAD", "NSE", "ADDRESS", "PORTS"));
    for (ServiceWorkload service : services) {
      service.getWorkloadsList().forEach(each -> table.row(cells(service, each)));
    }
    return table.fitting("", WIDTH, paint::word);
  }

  /** An event, a line for each of its workloads. */
  public static String event(WorkloadEvent event) {
    String sign = event.getEventType() == EventType.Remove ? "-" : "+";
    ServiceWorkload service = event.getServiceWorkload();
    return service.getWorkloadsList().stream()
        .map(each -> sign + " " + String.join("  ", cells(service, each)))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static List<String> cells(ServiceWorkload service, Workload workload) {
    return List.of(
        Printable.of(service.getServiceName()),
        Printable.of(service.getConnectivityDomain()),
        Printable.of(
            workload.getIdentifier().getCluster() + "/" + workload.getIdentifier().getPodName()),
        Printable.of(workload.getIdentifier().getNseName()),
        Printable.of(String.join(" ", workload.getIPAddressList())),
        service.getPortsList().stream().map(String::valueOf).collect(Collectors.joining(" ")));
  }
}
