package io.vl3.admin;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
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
import io.vl3.api.admin.v1.ReloadRequest;
import io.vl3.api.admin.v1.RestartRequest;
import io.vl3.api.admin.v1.Route;
import io.vl3.api.admin.v1.SetLogLevelRequest;
import io.vl3.api.admin.v1.SettingChange;
import io.vl3.api.admin.v1.WatchEventsRequest;
import io.vl3.failure.EndpointException;
import io.vl3.grpc.internal.StatusCodes;
import io.vl3.transport.GrpcChannels;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.TransportUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Asks the admin service of one process. Calls block, for the patience at most, and one that
 * changes something for a minute: it is carried out whether its caller waits or not. A failure
 * names the socket. Thread-safe.
 */
public final class AdminClient implements AutoCloseable {

  private static final Duration CHANGE = Duration.ofSeconds(60);

  private final String place;
  private final boolean local;
  private final ManagedChannel channel;
  private final Duration patience;

  private AdminClient(String place, boolean local, ManagedChannel channel, Duration patience) {
    this.place = place;
    this.local = local;
    this.channel = channel;
    this.patience = patience;
  }

  /**
   * A client; it connects when it is first asked.
   *
   * @param patience how long an answer may take that changes nothing
   */
  public static AdminClient open(Path socket, TransportOptions options, Duration patience)
      throws EndpointException {
    TransportUrl url = new TransportUrl.Unix(socket.toAbsolutePath());
    ManagedChannel channel = GrpcChannels.open(url, options.withoutTls());
    return new AdminClient(socket.toString(), true, channel, patience);
  }

  /**
   * A client of a process on another machine; it connects when it is first asked.
   *
   * @param options with our identity, unless the other side is this machine's loopback
   * @param patience how long an answer may take that changes nothing
   */
  public static AdminClient open(TransportUrl.Tcp url, TransportOptions options, Duration patience)
      throws EndpointException {
    return new AdminClient(url.toString(), false, GrpcChannels.open(url, options), patience);
  }

  /** Where it asks: the path of a socket, or a URL. */
  public String place() {
    return place;
  }

  /** Whether the process is certainly on this machine. */
  public boolean isLocal() {
    return local;
  }

  /** Everything in brief. */
  public ProcessStatus status() throws EndpointException {
    return ask(() -> stub().getStatus(GetStatusRequest.getDefaultInstance()));
  }

  /** The NSEs' connections. */
  public List<Connection> connections() throws EndpointException {
    return all(() -> stub().listConnections(ListConnectionsRequest.getDefaultInstance()));
  }

  /** The routes of NSEs and workloads. */
  public List<Route> routes() throws EndpointException {
    return all(() -> stub().listRoutes(ListRoutesRequest.getDefaultInstance()));
  }

  /** The interfaces of NSEs and workloads. */
  public List<Interface> interfaces() throws EndpointException {
    return all(() -> stub().listInterfaces(ListInterfacesRequest.getDefaultInstance()));
  }

  /** The names that NSEs answer for. */
  public List<Name> names() throws EndpointException {
    return all(() -> stub().listNames(ListNamesRequest.getDefaultInstance()));
  }

  /** The events that are still kept, oldest first. */
  public List<Event> events() throws EndpointException {
    return events(0);
  }

  /** Those of them with a higher number. */
  public List<Event> events(int after) throws EndpointException {
    WatchEventsRequest request = WatchEventsRequest.newBuilder().setAfter(after).build();
    return all(() -> stub().watchEvents(request));
  }

  /**
   * Takes the events that are still kept, and those that follow. Blocks until the process ends, or
   * this client is closed.
   *
   * @param after only events with a higher number; 0: all
   * @throws EndpointException UNAVAILABLE once the process has ended
   */
  public void follow(int after, Consumer<Event> taker) throws EndpointException {
    WatchEventsRequest request =
        WatchEventsRequest.newBuilder().setAfter(after).setFollow(true).build();
    ask(
        () -> {
          AdminGrpc.newBlockingStub(channel).watchEvents(request).forEachRemaining(taker);
          return true;
        });
  }

  /**
   * Sets the threshold of a logger.
   *
   * @param logger its name; empty: all of ours
   * @param time for how long; empty: for good
   * @return the level that counted before
   */
  public String setLogLevel(String logger, String level, Optional<Duration> time)
      throws EndpointException {
    SetLogLevelRequest request =
        SetLogLevelRequest.newBuilder()
            .setLogger(logger)
            .setLevel(level)
            .setSeconds(time.map(Duration::toSeconds).map(Math::toIntExact).orElse(0))
            .build();
    return ask(() -> stub(CHANGE).setLogLevel(request).getBefore());
  }

  /**
   * Has the process read its configuration again.
   *
   * @param file what to read this once; empty: the file that it was started with
   */
  public List<SettingChange> reload(Optional<Path> file) throws EndpointException {
    ReloadRequest request =
        ReloadRequest.newBuilder()
            .setFile(file.map(path -> path.toAbsolutePath().toString()).orElse(""))
            .build();
    return ask(() -> stub(CHANGE).reload(request)).getChangesList();
  }

  /** Has the process start its program anew; returns before it does. */
  public void restart() throws EndpointException {
    var unused = ask(() -> stub(CHANGE).restart(RestartRequest.getDefaultInstance()));
  }

  /** The process from inside: threads and heap. */
  public Diagnostics diagnostics() throws EndpointException {
    return ask(() -> stub().getDiagnostics(GetDiagnosticsRequest.getDefaultInstance()));
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private AdminGrpc.AdminBlockingStub stub() {
    return stub(patience);
  }

  private AdminGrpc.AdminBlockingStub stub(Duration longest) {
    return AdminGrpc.newBlockingStub(channel)
        .withDeadlineAfter(longest.toNanos(), TimeUnit.NANOSECONDS);
  }

  private <T> List<T> all(Supplier<Iterator<T>> call) throws EndpointException {
    return ask(
        () -> {
          List<T> messages = new ArrayList<>();
          call.get().forEachRemaining(messages::add);
          return messages;
        });
  }

  private <T> T ask(Supplier<T> call) throws EndpointException {
    try {
      return call.get();
    } catch (StatusRuntimeException failure) {
      EndpointException known = StatusCodes.toException(failure);
      throw new EndpointException(
          known.reason(), "admin service at %s: %s".formatted(place, known.getMessage()), failure);
    }
  }
}
