package io.vl3.cli.assembly;

import io.grpc.ManagedChannel;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.failure.EndpointException;
import io.vl3.nsm.NsmRuntime;
import io.vl3.transport.GrpcChannels;
import io.vl3.transport.TransportOptions;
import io.vl3.workloads.RegisterWorkload;
import io.vl3.workloads.WorkloadLabels;
import io.vl3.workloads.WorkloadRegistrar;
import java.util.Optional;

/** Where the workloads of an endpoint are registered by name, as the configuration says. */
final class ConfiguredWorkloads {

  private ConfiguredWorkloads() {}

  /**
   * The element that has them registered; empty if they are not. Nothing is dialled before there is
   * a workload to register.
   *
   * @param closing where it is put what the element needs
   */
  static Optional<RegisterWorkload> open(EndpointConfig endpoint, NsmRuntime runtime, Undo closing)
      throws EndpointException {
    if (endpoint.workloadRegistry().isEmpty()) {
      return Optional.empty();
    }
    EndpointConfig.WorkloadRegistry registry = endpoint.workloadRegistry().get();
    String address = registry.address();
    ManagedChannel channel =
        GrpcChannels.open("tcp://" + address, transport(registry, runtime.transport()));
    closing.push("channel to " + address, channel::shutdownNow);
    WorkloadRegistrar registrar =
        WorkloadRegistrar.at(
            GrpcChannels.wakeful(channel), address, runtime.timer(), runtime.random());
    closing.push("names of workloads at " + address, registrar::close, registrar::leave);
    EndpointConfig.Lessee lessee = endpoint.lessee();
    return Optional.of(
        new RegisterWorkload(
            new WorkloadLabels(lessee.connectivityDomain(), lessee.name()), registrar));
  }

  private static TransportOptions transport(
      EndpointConfig.WorkloadRegistry registry, TransportOptions ours) {
    boolean plain = registry.ofIpam() || ours.tls().isEmpty();
    return plain ? ours.withoutTls().withInsecure(true) : ours;
  }
}
