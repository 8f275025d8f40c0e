package io.vl3.workloads;

import io.vl3.api.svreg.ServiceWorkload;
import io.vl3.api.svreg.Workload;
import io.vl3.api.svreg.WorkloadIdentifier;
import io.vl3.connection.Connection;
import io.vl3.net.InterfaceAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads from a connection what is registered of its workload: the labels {@code clusterName},
 * {@code podName}, {@code service} and {@code port} (several joined by {@code ;}) and the client's
 * addresses, each with its length as the original writes it.
 *
 * @param connectivityDomain the config's {@code nseControl.connectivityDomain}; may be empty
 * @param nse as whom the NSE is known there, {@code CLUSTER_POD}
 */
public record WorkloadLabels(String connectivityDomain, String nse) {

  private static final String CLUSTER = "clusterName";
  private static final String POD = "podName";
  private static final String SERVICE = "service";
  private static final String PORT = "port";
  private static final String SEPARATOR = ";";
  private static final int LAST_PORT = 65535;

  /** What to register; empty without one of the labels, or with a port that is none. */
  Optional<ServiceWorkload> read(Connection connection) {
    Map<String, String> labels = connection.labels();
    Optional<List<Integer>> ports = ports(labels.getOrDefault(PORT, ""));
    String cluster = labels.getOrDefault(CLUSTER, "");
    String pod = labels.getOrDefault(POD, "");
    String service = labels.getOrDefault(SERVICE, "");
    if (ports.isEmpty() || cluster.isEmpty() || pod.isEmpty() || service.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        ServiceWorkload.newBuilder()
            .setServiceName(service)
            .setConnectivityDomain(connectivityDomain)
            .addWorkloads(
                Workload.newBuilder()
                    .setIdentifier(
                        WorkloadIdentifier.newBuilder()
                            .setCluster(cluster)
                            .setPodName(pod)
                            .setName(service)
                            .setNseName(nse))
                    .addAllIPAddress(
                        connection.ip().clientAddresses().stream()
                            .map(InterfaceAddress::toString)
                            .toList()))
            .addAllPorts(ports.get())
            .build());
  }

  private static Optional<List<Integer>> ports(String label) {
    List<Integer> ports = new ArrayList<>();
    for (String text : label.split(SEPARATOR, -1)) {
      Optional<Integer> port = port(text.trim());
      if (port.isEmpty()) {
        return Optional.empty();
      }
      ports.add(port.get());
    }
    return Optional.of(ports);
  }

  private static Optional<Integer> port(String text) {
    if (!text.matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    return Optional.of(Integer.parseInt(text)).filter(port -> port <= LAST_PORT);
  }
}
