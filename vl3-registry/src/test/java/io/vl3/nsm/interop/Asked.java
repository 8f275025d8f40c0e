package io.vl3.nsm.interop;

import io.vl3.api.connection.Connection;
import io.vl3.api.connection.Mechanism;
import io.vl3.api.connectioncontext.IPContext;
import io.vl3.api.networkservice.NetworkServiceRequest;
import java.util.ArrayList;
import java.util.List;

/** Requests of workloads, and their answers as text to compare. */
final class Asked {

  private Asked() {}

  /** A workload's first request. */
  static NetworkServiceRequest first(String id) {
    return NetworkServiceRequest.newBuilder()
        .setConnection(
            Connection.newBuilder()
                .setId(id)
                .setNetworkService(OwnNse.SERVICE)
                .putLabels("podName", id))
        .addMechanismPreferences(kernel())
        .build();
  }

  /** The same asked of one endpoint. */
  static NetworkServiceRequest of(String id, String endpoint) {
    NetworkServiceRequest request = first(id);
    return request.toBuilder()
        .setConnection(request.getConnection().toBuilder().setNetworkServiceEndpointName(endpoint))
        .build();
  }

  /** What was answered, asked again. */
  static NetworkServiceRequest again(Connection answered) {
    return NetworkServiceRequest.newBuilder()
        .setConnection(answered)
        .addMechanismPreferences(kernel())
        .build();
  }

  private static Mechanism kernel() {
    return Mechanism.newBuilder()
        .setCls("LOCAL")
        .setType("KERNEL")
        .putParameters("inodeURL", "file:///proc/self/ns/net")
        .putParameters("name", "nsm0")
        .build();
  }

  /** Addresses and routes, a line each, in order. */
  static List<String> lines(Connection connection) {
    IPContext ip = connection.getContext().getIpContext();
    List<String> lines = new ArrayList<>();
    ip.getSrcIpAddrsList().forEach(address -> lines.add("src " + address));
    ip.getDstIpAddrsList().forEach(address -> lines.add("dst " + address));
    ip.getSrcRoutesList()
        .forEach(r -> lines.add("src_route %s via %s".formatted(r.getPrefix(), r.getNextHop())));
    ip.getDstRoutesList()
        .forEach(r -> lines.add("dst_route %s via %s".formatted(r.getPrefix(), r.getNextHop())));
    return lines;
  }
}
