package io.vl3.admin;

import io.grpc.stub.StreamObserver;
import io.vl3.api.admin.v1.AdminGrpc;
import io.vl3.api.admin.v1.Connection;
import io.vl3.api.admin.v1.Diagnostics;
import io.vl3.api.admin.v1.Event;
import io.vl3.api.admin.v1.GetDiagnosticsRequest;
import io.vl3.api.admin.v1.GetStatusRequest;
import io.vl3.api.admin.v1.Interface;
import io.vl3.api.admin.v1.ListConnectionsRequest;
import io.vl3.api.admin.v1.ListInterfacesRequest;
import io.vl3.api.admin.v1.ListNamesRequest;
import io.vl3.api.admin.v1.ListRoutesRequest;
import io.vl3.api.admin.v1.Name;
import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.api.admin.v1.ReloadReply;
import io.vl3.api.admin.v1.ReloadRequest;
import io.vl3.api.admin.v1.RestartReply;
import io.vl3.api.admin.v1.RestartRequest;
import io.vl3.api.admin.v1.Route;
import io.vl3.api.admin.v1.SetLogLevelRequest;
import io.vl3.api.admin.v1.SetLogLevelResponse;
import io.vl3.api.admin.v1.SettingChange;
import io.vl3.api.admin.v1.WatchEventsRequest;
import io.vl3.failure.EndpointException;
import io.vl3.grpc.internal.BlockingCalls;
import io.vl3.grpc.internal.HandsCallsOn;
import io.vl3.health.HealthBoard;
import io.vl3.ipam.PoolStatus;
import io.vl3.links.InstalledLinks;
import io.vl3.status.NseStatus;
import io.vl3.status.NseView;
import io.vl3.status.WorkloadView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the calls of the admin service. */
final class AdminService extends AdminGrpc.AdminImplBase implements HandsCallsOn {

  private static final Logger LOG = LoggerFactory.getLogger(AdminService.class);

  private final Observed observed;
  private final Executor executor;
  private final BlockingCalls calls;

  /**
   * A service.
   *
   * @param executor where calls are answered, which may block
   */
  AdminService(Observed observed, Executor executor) {
    this.observed = observed;
    this.executor = executor;
    this.calls = new BlockingCalls(executor);
  }

  @Override
  public void getStatus(GetStatusRequest request, StreamObserver<ProcessStatus> answer) {
    calls.answer(answer, () -> StatusRecords.status(observed));
  }

  @Override
  public void listConnections(ListConnectionsRequest request, StreamObserver<Connection> answer) {
    list(observed.nses().get(), AdminService::connections, answer);
  }

  @Override
  public void listNames(ListNamesRequest request, StreamObserver<Name> answer) {
    list(observed.nses().get(), AdminService::names, answer);
  }

  @Override
  public void listRoutes(ListRoutesRequest request, StreamObserver<Route> answer) {
    List<Supplier<Stream<Route>>> parts = new ArrayList<>();
    observed.nses().get().forEach(nse -> parts.add(() -> routes(nse)));
    observed.workloads().get().forEach(each -> parts.add(() -> routes(each)));
    list(parts, Supplier::get, answer);
  }

  @Override
  public void listInterfaces(ListInterfacesRequest request, StreamObserver<Interface> answer) {
    List<Supplier<Stream<Interface>>> parts = new ArrayList<>();
    observed.nses().get().forEach(nse -> parts.add(() -> interfaces(nse)));
    observed.workloads().get().forEach(each -> parts.add(() -> interfaces(each)));
    list(parts, Supplier::get, answer);
  }

  @Override
  public void watchEvents(WatchEventsRequest request, StreamObserver<Event> answer) {
    HealthBoard board = observed.board();
    Happened source =
        new Happened(board, Integer.toUnsignedLong(request.getAfter()), request.getFollow());
    if (!request.getFollow()) {
      PulledStream.to(answer, source, executor, () -> {});
      return;
    }
    Following following = new Following();
    PulledStream<Event> stream = PulledStream.to(answer, source, executor, following::close);
    following.begin(board.listen(stream::wake));
  }

  @Override
  public void setLogLevel(SetLogLevelRequest request, StreamObserver<SetLogLevelResponse> answer) {
    Optional<Duration> time =
        request.getSeconds() == 0
            ? Optional.empty()
            : Optional.of(Duration.ofSeconds(Integer.toUnsignedLong(request.getSeconds())));
    calls.answer(
        answer,
        () -> {
          String before = observed.logLevels().set(request.getLogger(), request.getLevel(), time);
          return SetLogLevelResponse.newBuilder().setBefore(before).build();
        });
  }

  @Override
  public void reload(ReloadRequest request, StreamObserver<ReloadReply> answer) {
    Optional<Path> file = Optional.of(request.getFile()).filter(f -> !f.isEmpty()).map(Path::of);
    calls.answer(
        answer,
        () -> {
          ReloadReply.Builder reply = ReloadReply.newBuilder();
          for (Control.Change change : observed.control().reload(file)) {
            reply.addChanges(
                SettingChange.newBuilder()
                    .setSetting(change.setting())
                    .setBefore(change.before())
                    .setAfter(change.after()));
          }
          return reply.build();
        });
  }

  @Override
  public void restart(RestartRequest request, StreamObserver<RestartReply> answer) {
    calls.answer(
        answer,
        () -> {
          observed.control().restart();
          return RestartReply.getDefaultInstance();
        });
  }

  /** For the stacks the process is stopped for a moment. */
  @Override
  public void getDiagnostics(GetDiagnosticsRequest request, StreamObserver<Diagnostics> answer) {
    calls.answer(answer, ProcessDiagnostics::now);
  }

  private <P, T> void list(
      List<? extends P> parts, Function<P, Stream<T>> look, StreamObserver<T> answer) {
    PulledStream.to(answer, new Listed<P, T>(parts.iterator(), look), executor, () -> {});
  }

  private static Stream<Connection> connections(NseView nse) {
    String name = nse.status().name();
    return nse.connections().stream().map(each -> ListRecords.connection(name, each));
  }

  private static Stream<Name> names(NseView nse) {
    String name = nse.status().name();
    return nse.names().stream().map(named -> ListRecords.name(name, named));
  }

  private static Stream<Route> routes(NseView nse) {
    NseStatus status = nse.status();
    return RouteRecords.ofNse(
        status.name(),
        nse.connections(),
        status.pools().stream().map(PoolStatus::prefix).toList(),
        installed(status.name(), nse::installed))
        .stream();
  }

  private static Stream<Route> routes(WorkloadView workload) {
    WorkloadView.Status status = workload.status();
    return RouteRecords.ofWorkload(
        status.name(), status.connection(), status.interfaceName(), installed(status, workload))
        .stream();
  }

  private static Stream<Interface> interfaces(NseView nse) {
    String name = nse.status().name();
    return installed(name, nse::installed).stream()
        .flatMap(links -> ListRecords.interfaces(name, links));
  }

  private static Stream<Interface> interfaces(WorkloadView workload) {
    WorkloadView.Status status = workload.status();
    return installed(status, workload).stream()
        .flatMap(links -> ListRecords.interfaces(status.name(), links));
  }

  private static Optional<InstalledLinks> installed(
      WorkloadView.Status status, WorkloadView workload) {
    return installed(status.name(), () -> Optional.of(workload.installed()));
  }

  /** One data plane that cannot be looked at keeps nobody from seeing the others. */
  private static Optional<InstalledLinks> installed(String component, Looking looking) {
    try {
      return looking.look();
    } catch (EndpointException failure) {
      LOG.debug("{}: {}", component, failure.getMessage());
      return Optional.empty();
    }
  }

  private interface Looking {
    Optional<InstalledLinks> look() throws EndpointException;
  }
}
