package io.vl3.workloads;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.vl3.LogLines;
import io.vl3.api.svreg.Empty;
import io.vl3.api.svreg.RegisteredWorkloads;
import io.vl3.api.svreg.RegistryStateGrpc;
import io.vl3.api.svreg.ServiceWorkload;
import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.IpContext;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.net.InterfaceAddress;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import io.vl3.transport.GrpcChannels;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The element, what registers in the background, and the registry, together. */
class RegisteredWorkloadsTest {

  private static final String NAME = RegisteredWorkloadsTest.class.getName();
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Map<String, String> WEB =
      Map.of("clusterName", "c1", "podName", "web-1", "service", "web", "port", "80;443");

  private final FakeTimer timer = new FakeTimer();
  private final ManagedChannel channel =
      InProcessChannelBuilder.forName(NAME).directExecutor().build();
  private final WorkloadRegistrar registrar =
      WorkloadRegistrar.at(GrpcChannels.wakeful(channel), "names:50051", timer, new Random(1));
  private final EndpointRunner nse =
      new EndpointRunner(
          EndpointChain.of(
              "nse", new RegisterWorkload(new WorkloadLabels("cd1", "c1_nse-1"), registrar)),
          Runnable::run,
          timer,
          LIMIT);
  private WorkloadRegistry registry = registry();
  private Optional<Server> server = Optional.empty();

  @BeforeEach
  void start() throws IOException {
    serve(InProcessServerBuilder.forName(NAME).directExecutor());
  }

  private void serve(InProcessServerBuilder building) throws IOException {
    registry = registry();
    registry.services().forEach(building::addService);
    server = Optional.of(building.build().start());
  }

  @AfterEach
  void stop() {
    registrar.close();
    assertThat(registrar.size()).isZero();
    assertThat(registry.usedBytes()).isZero();
    stopServer();
    channel.shutdownNow();
    timer.advance(Duration.ofDays(1));
    assertThat(timer.pending()).isZero();
  }

  @Test
  void aLabelledWorkload_isRegisteredAsTheOriginalDoesIt_andRemovedByItsClose() throws Exception {
    Connection web = request("1", WEB);
    ServiceWorkload registered = all().getWorkloads(0);
    assertThat(registered.getServiceName()).isEqualTo("web");
    assertThat(registered.getConnectivityDomain()).isEqualTo("cd1");
    assertThat(registered.getPortsList()).containsExactly(80, 443);
    assertThat(registered.getWorkloads(0).getIPAddressList()).containsExactly("10.60.232.1/30");
    assertThat(registered.getWorkloads(0).getIdentifier().getCluster()).isEqualTo("c1");
    assertThat(registered.getWorkloads(0).getIdentifier().getPodName()).isEqualTo("web-1");
    assertThat(registered.getWorkloads(0).getIdentifier().getName()).isEqualTo("web");
    assertThat(registered.getWorkloads(0).getIdentifier().getNseName()).isEqualTo("c1_nse-1");
    close(web);
    assertThat(all().getWorkloadsList()).isEmpty();
    assertThat(registrar.size()).isZero();
  }

  @Test
  void aWorkloadWithoutALabel_orWithAPortThatIsNone_isServedAndNotRegistered() throws Exception {
    var unusedUnlabelled = request("1", Map.of("podName", "web-1"));
    for (String port : List.of("", "http", "80;", "65536", "-1")) {
      var unusedOdd =
          request(
              "p" + port, Map.of("clusterName", "c", "podName", "p", "service", "s", "port", port));
    }
    assertThat(registry.size()).isZero();
    assertThat(registrar.size()).isZero();
  }

  @Test
  void aRefreshChangesNothing_andOneWithOtherLabelsIsFollowed() throws Exception {
    var unusedFirst = request("1", WEB);
    var unusedAgain = request("1", WEB);
    assertThat(registry.size()).isEqualTo(1);
    var unusedMoved =
        request(
            "1", Map.of("clusterName", "c1", "podName", "web-1", "service", "api", "port", "1"));
    assertThat(all().getWorkloadsList())
        .extracting(ServiceWorkload::getServiceName)
        .containsExactly("api");
    var unusedUnnamed = request("1", Map.of());
    assertThat(registry.size()).isZero();
  }

  @Test
  void twoConnectionsOfOneWorkload_areOneName_untilTheLastHasGone() throws Exception {
    Connection one = request("1", WEB);
    Connection two = request("2", WEB);
    assertThat(registry.size()).isEqualTo(1);
    close(one);
    assertThat(registry.size()).isEqualTo(1);
    close(two);
    assertThat(registry.size()).isZero();
  }

  @Test
  void registryAway_requestsAreAnswered_andItIsTriedAgainUntilItIsThere() throws Exception {
    stopServer();
    try (LogLines log = LogLines.of(WorkloadRegistrar.class.getName())) {
      var unusedWeb = request("1", WEB);
      timer.advance(Duration.ofMinutes(30));
      assertThat(log.lines(Level.WARN)).hasSize(1);
      assertThat(log.lines(Level.WARN).get(0)).startsWith("workload registry at names:50051: ");
      start();
      timer.advance(Duration.ofMinutes(1));
      assertThat(registry.size()).isEqualTo(1);
      assertThat(log.lines(Level.WARN)).hasSize(2);
    }
  }

  @Test
  void theRequestThatBroughtAWorkloadIsOver_beforeTheRegistryAnswers() throws Exception {
    stopServer();
    Queue<Runnable> calls = new ArrayDeque<>();
    serve(InProcessServerBuilder.forName(NAME).executor(calls::add));
    Context.CancellableContext call = Context.current().withCancellation();
    var unusedWeb = call.call(() -> request("1", WEB));
    call.cancel(null);
    while (!calls.isEmpty()) {
      calls.remove().run();
    }
    assertThat(registry.size()).isEqualTo(1);
    stopServer();
    start();
  }

  @Test
  void registryThatWasSeenAway_isToldOfAllOnceItAnswers() throws Exception {
    var unusedBefore = request("1", WEB);
    stopServer();
    var unusedMeanwhile =
        request("2", Map.of("clusterName", "c1", "podName", "p", "service", "s", "port", "1"));
    start();
    timer.advance(Duration.ofMinutes(2));
    assertThat(registry.size()).isEqualTo(2);
  }

  @Test
  void registryBegunAnew_isToldOfAllWithinMinutes() throws Exception {
    var unusedWeb = request("1", WEB);
    stopServer();
    start();
    assertThat(registry.size()).isZero();
    timer.advance(Duration.ofMinutes(5));
    assertThat(registry.size()).isEqualTo(1);
  }

  @Test
  void registryAwayWhenAWorkloadGoes_itIsRemovedLater_orLeftToEndByItself() throws Exception {
    Connection web = request("1", WEB);
    stopServer();
    close(web);
    assertThat(registrar.size()).isEqualTo(1);
    timer.advance(Duration.ofMinutes(11));
    assertThat(registrar.size()).isZero();
    timer.advance(Duration.ofMinutes(5));
    assertThat(registry.size()).isZero();
  }

  @Test
  void whatIsRepeatedLasts_andEndsAQuarterOfAnHourAfterItsNseHasGone() throws Exception {
    var unusedWeb = request("1", WEB);
    timer.advance(Duration.ofHours(2));
    assertThat(registry.size()).isEqualTo(1);
    registrar.leave();
    timer.advance(Duration.ofMinutes(16));
    assertThat(registry.size()).isZero();
  }

  @Test
  void close_removesWhatIsRegistered() throws Exception {
    var unusedOne = request("1", WEB);
    registrar.close();
    assertThat(registry.size()).isZero();
    assertThat(registrar.size()).isZero();
  }

  private WorkloadRegistry registry() {
    return new WorkloadRegistry(timer, Runnable::run, 1024 * 1024, Optional.empty());
  }

  private void stopServer() {
    server.ifPresent(Server::shutdownNow);
    server = Optional.empty();
  }

  private RegisteredWorkloads all() {
    return RegistryStateGrpc.newBlockingStub(channel)
        .getRegisteredWorkloads(Empty.getDefaultInstance());
  }

  private Connection request(String id, Map<String, String> labels) throws EndpointException {
    Connection asked =
        Connection.to("vl3")
            .withId(new ConnectionId(id))
            .withLabels(labels)
            .withIp(
                IpContext.EMPTY.withAddresses(
                    List.of(InterfaceAddress.parse("10.60.232.1/30")),
                    List.of(InterfaceAddress.parse("10.60.232.2/30"))));
    return nse.request(ConnectionRequest.of(asked), Caller.ANONYMOUS, Deadline.after(LIMIT, timer));
  }

  private void close(Connection connection) throws EndpointException {
    nse.close(connection, Caller.ANONYMOUS, Deadline.after(LIMIT, timer));
  }
}
