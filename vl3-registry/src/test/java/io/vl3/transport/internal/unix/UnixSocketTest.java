package io.vl3.transport.internal.unix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.connection.Caller;
import io.vl3.connection.ConnectionEvent;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.MonitorSelector;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.CallContext;
import io.vl3.grpc.internal.CallerKey;
import io.vl3.grpc.internal.MonitorServer;
import io.vl3.grpc.internal.RemoteMonitor;
import io.vl3.transport.GrpcChannels;
import io.vl3.transport.GrpcServers;
import io.vl3.transport.RunningServer;
import io.vl3.transport.TestTransport;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.TransportUrl;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnixSocketTest {

  private final TestTransport transport;
  private final TransportUrl.Unix url;

  UnixSocketTest() throws Exception {
    transport = new TestTransport();
    url = transport.unix("s");
  }

  @AfterEach
  void stop() throws Exception {
    transport.close();
  }

  @Test
  void theFile_isForItsUserOnly_andGoesWithTheServer() throws Exception {
    RunningServer server = transport.start(url);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(url.path())))
        .isEqualTo("rw-------");
    server.close();
    server.close();
    assertThat(url.path()).doesNotExist();
  }

  @Test
  void theCaller_isTheUserOfTheOtherProcess() throws Exception {
    var stub = NetworkServiceGrpc.newBlockingStub(transport.serve(url, new EchoCaller()));
    int uid = (Integer) Files.getAttribute(url.path(), "unix:uid");
    assertThat(stub.request(NetworkServiceRequest.getDefaultInstance()).getId())
        .isEqualTo("uid:" + uid);
  }

  @Test
  void overTcp_theCallerIsAnonymous() throws Exception {
    var stub =
        NetworkServiceGrpc.newBlockingStub(
            transport.serve(TestTransport.loopback(), new EchoCaller()));
    assertThat(stub.request(NetworkServiceRequest.getDefaultInstance()).getId())
        .isEqualTo(Caller.ANONYMOUS.identity());
  }

  @Test
  void otherUsersThanSelfAndRoot_areTurnedAway() throws Exception {
    var users = FileSystems.getDefault().getUserPrincipalLookupService();
    var allowed =
        new UnixPeer.Allowed(
            users.lookupPrincipalByName("61001"), 61001, users.lookupPrincipalByName("0"));
    assertThat(allowed.peer(users.lookupPrincipalByName("61001")).map(UnixPeer::caller))
        .contains(new Caller("uid:61001"));
    assertThat(allowed.peer(users.lookupPrincipalByName("0")).map(UnixPeer::caller))
        .contains(new Caller("uid:0"));
    assertThat(allowed.peer(users.lookupPrincipalByName("61002"))).isEmpty();
  }

  @Test
  void theFileOfADeadServer_isReplaced() throws Exception {
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(url.path()));
    }
    assertThat(url.path()).exists();
    var stub = NetworkServiceGrpc.newBlockingStub(transport.serve(url, new EchoCaller()));
    assertThat(stub.request(NetworkServiceRequest.getDefaultInstance()).getId()).isNotEmpty();
  }

  @Test
  void aLiveServer_isNotReplaced_andServesOn() throws Exception {
    var stub = NetworkServiceGrpc.newBlockingStub(transport.serve(url, new EchoCaller()));
    assertThat(failureOfStart(url, transport.options()).reason()).isEqualTo(Reason.CONFLICT);
    assertThat(stub.request(NetworkServiceRequest.getDefaultInstance()).getId()).isNotEmpty();
  }

  @Test
  void anotherFile_isNotReplaced() throws Exception {
    Files.writeString(url.path(), "precious");
    assertThat(failureOfStart(url, transport.options()).reason()).isEqualTo(Reason.CONFLICT);
    assertThat(url.path()).hasContent("precious");
  }

  @Test
  void aSocketThatReplacedOurs_staysWhenWeClose() throws Exception {
    RunningServer first = transport.start(url);
    Files.delete(url.path());
    transport.start(url);
    first.close();
    assertThat(url.path()).exists();
  }

  @Test
  void tcpWithoutTls_needsTheFlag() throws Exception {
    TransportOptions secure = transport.options().withInsecure(false);
    EndpointException failure = failureOfStart(TestTransport.loopback(), secure);
    assertThat(failure.reason()).isEqualTo(Reason.INVALID);
    assertThat(failure).hasMessageContaining("insecure: true");
    assertThat(
            catchThrowableOfType(
                    EndpointException.class, () -> GrpcChannels.open("tcp://127.0.0.1:1", secure))
                .reason())
        .isEqualTo(Reason.INVALID);
  }

  @Test
  void anAddressInUse_isUnavailable_andNamesTheCause() throws Exception {
    TransportUrl taken = transport.start(TestTransport.loopback()).url();
    EndpointException failure = failureOfStart(taken, transport.options());
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure).hasMessageContaining(taken.toString()).hasMessageContaining("in use");
  }

  @Test
  void noServer_isUnavailable_andNamesTheCause() throws Exception {
    var stub = NetworkServiceGrpc.newBlockingStub(transport.open(transport.unix("nobody")));
    var failure =
        catchThrowableOfType(
            io.grpc.StatusRuntimeException.class,
            () -> stub.request(NetworkServiceRequest.getDefaultInstance()));
    assertThat(failure.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.UNAVAILABLE);
    assertThat(io.vl3.grpc.internal.StatusCodes.toException(failure))
        .hasMessageContaining("No such file or directory");
  }

  @Test
  void aStreamOfAServerThatCloses_endsUnavailable_neverCancelled() throws Exception {
    BlockingQueue<Reason> ends = new LinkedBlockingQueue<>();
    BlockingQueue<ConnectionEvent> events = new LinkedBlockingQueue<>();
    ConnectionMonitor monitor =
        (selector, listener) -> {
          listener.onEvent(
              new ConnectionEvent(ConnectionEvent.Type.INITIAL_STATE_TRANSFER, List.of()));
          return () -> {};
        };
    RunningServer server =
        transport.start(url, new MonitorServer(monitor, MonitorServer.Rule.EVERYTHING));
    new RemoteMonitor(transport.open(url)).monitor(MonitorSelector.ALL, new Recorder(events, ends));
    assertThat(events.poll(60, TimeUnit.SECONDS)).isNotNull();
    server.close();
    assertThat(ends.poll(60, TimeUnit.SECONDS)).isEqualTo(Reason.UNAVAILABLE);
  }

  private static EndpointException failureOfStart(TransportUrl url, TransportOptions options) {
    return catchThrowableOfType(
        EndpointException.class, () -> GrpcServers.start(url, options, List.of()));
  }

  private record Recorder(BlockingQueue<ConnectionEvent> events, BlockingQueue<Reason> ends)
      implements ConnectionMonitor.Listener {
    @Override
    public void onEvent(ConnectionEvent event) {
      events.add(event);
    }

    @Override
    public void onEnd(Throwable cause) {
      ends.add(((EndpointException) cause).reason());
    }
  }

  /** Answers who called as the connection's id. */
  private static final class EchoCaller implements BindableService {
    @Override
    public io.grpc.ServerServiceDefinition bindService() {
      return CallContext.around(
          new NetworkServiceGrpc.NetworkServiceImplBase() {
            @Override
            public void request(
                NetworkServiceRequest request,
                StreamObserver<io.vl3.api.connection.Connection> observer) {
              observer.onNext(
                  io.vl3.api.connection.Connection.newBuilder()
                      .setId(CallerKey.current().identity())
                      .build());
              observer.onCompleted();
            }
          });
    }
  }
}
