package io.vl3.cli.names;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.vl3.api.svreg.Empty;
import io.vl3.api.svreg.RegistryGrpc;
import io.vl3.api.svreg.RegistryStateGrpc;
import io.vl3.api.svreg.ServiceWorkload;
import io.vl3.api.svreg.WorkloadEvent;
import io.vl3.cli.assembly.ServiceProcess;
import io.vl3.cli.config.TlsConfig;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.StatusCodes;
import io.vl3.transport.GrpcChannels;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Asks a workload registry, ours or the original's. Calls block. */
public final class NamesClient implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ServiceProcess process;
  private final ManagedChannel channel;
  private final String registry;

  private NamesClient(ServiceProcess process, ManagedChannel channel, String registry) {
    this.process = process;
    this.channel = channel;
    this.registry = registry;
  }

  /**
   * A client; nothing is asked yet.
   *
   * @param registry HOST:PORT
   * @param tls whence our identity comes; none: without TLS
   */
  public static NamesClient open(String registry, TlsConfig tls) throws EndpointException {
    ServiceProcess process = ServiceProcess.open(tls);
    try {
      String url = ServiceProcess.url(registry).toString();
      return new NamesClient(process, GrpcChannels.open(url, process.transport()), registry);
    } catch (EndpointException | RuntimeException failure) {
      process.close();
      throw failure;
    }
  }

  /** Who is registered now. */
  public List<ServiceWorkload> all() throws EndpointException {
    try {
      return RegistryStateGrpc.newBlockingStub(channel)
          .withDeadlineAfter(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .getRegisteredWorkloads(Empty.getDefaultInstance())
          .getWorkloadsList();
    } catch (StatusRuntimeException failure) {
      throw failed(failure);
    }
  }

  /**
   * Tells who is registered, then each change, until the registry ends it.
   *
   * @throws EndpointException why it ended
   */
  public void watch(Consumer<WorkloadEvent> events) throws EndpointException {
    try {
      Iterator<WorkloadEvent> stream =
          RegistryGrpc.newBlockingStub(channel).getServices(Empty.getDefaultInstance());
      while (stream.hasNext()) {
        events.accept(stream.next());
      }
    } catch (StatusRuntimeException failure) {
      throw failed(failure);
    }
    throw new EndpointException(Reason.UNAVAILABLE, "workload registry: ended the watch");
  }

  private EndpointException failed(StatusRuntimeException failure) {
    return new EndpointException(
        StatusCodes.toReason(failure.getStatus().getCode()),
        "workload registry at %s: %s"
            .formatted(registry, StatusCodes.rootMessage(failure.getStatus())),
        failure);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    process.close();
  }
}
