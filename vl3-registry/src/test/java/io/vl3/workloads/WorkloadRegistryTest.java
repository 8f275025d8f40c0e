package io.vl3.workloads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.vl3.api.svreg.Empty;
import io.vl3.api.svreg.RegisteredWorkloads;
import io.vl3.api.svreg.RegistryGrpc;
import io.vl3.api.svreg.RegistryStateGrpc;
import io.vl3.api.svreg.ServiceWorkload;
import io.vl3.api.svreg.Workload;
import io.vl3.api.svreg.WorkloadEvent;
import io.vl3.api.svreg.WorkloadIdentifier;
import io.vl3.time.FakeTimer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkloadRegistryTest {

  private static final String NAME = WorkloadRegistryTest.class.getName();
  private static final int BYTES = 64 * 1024;

  private final FakeTimer timer = new FakeTimer();
  private final WorkloadRegistry registry =
      new WorkloadRegistry(timer, Runnable::run, BYTES, Optional.empty());
  private final ManagedChannel channel =
      InProcessChannelBuilder.forName(NAME).directExecutor().build();
  private final RegistryGrpc.RegistryBlockingStub client = RegistryGrpc.newBlockingStub(channel);
  private Optional<Server> server = Optional.empty();

  @BeforeEach
  void start() throws IOException {
    InProcessServerBuilder building = InProcessServerBuilder.forName(NAME).directExecutor();
    registry.services().forEach(building::addService);
    server = Optional.of(building.build().start());
  }

  @AfterEach
  void stop() {
    assertThat(registry.watches()).isZero();
    state().getWorkloadsList().forEach(this::remove);
    assertThat(registry.usedBytes()).isZero();
    channel.shutdownNow();
    server.ifPresent(Server::shutdownNow);
    timer.advance(Duration.ofDays(1));
    assertThat(timer.pending()).isZero();
  }

  @Test
  void watch_tellsWhoIsThereFirst_thenWhatChanges() {
    register(workload("web", "a", 80));
    Watching watching = watch();
    register(workload("web", "b", 80));
    remove(workload("web", "a", 80));
    assertThat(watching.events).containsExactly("Register web a", "Register web b", "Remove web a");
    watching.cancel();
  }

  @Test
  void watches_areBounded() {
    List<Watching> all = Stream.generate(this::watch).limit(256).toList();
    Watching oneMore = watch();
    assertThat(registry.watches()).isEqualTo(256);
    assertThat(oneMore.end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    all.forEach(Watching::cancel);
  }

  @Test
  void register_again_isOneEntryAndNoEvent_exceptWithOtherPorts() {
    Watching watching = watch();
    register(workload("web", "a", 80));
    register(workload("web", "a", 80));
    register(workload("web", "a", 81));
    assertThat(watching.events).containsExactly("Register web a", "Register web a");
    assertThat(registry.size()).isEqualTo(1);
    assertThat(state().getWorkloads(0).getPortsList()).containsExactly(81);
    watching.cancel();
  }

  @Test
  void remove_ofOneThatIsNotThere_isNothing() {
    remove(workload("web", "a", 80));
    assertThat(registry.size()).isZero();
  }

  @Test
  void state_putsWorkloadsOfOneServiceTogether() {
    register(workload("web", "a", 80));
    register(workload("api", "c", 81));
    register(workload("web", "b", 80));
    assertThat(state().getWorkloadsList())
        .extracting(service -> service.getServiceName() + service.getWorkloadsCount())
        .containsExactly("web2", "api1");
  }

  @Test
  void aMessageWithSeveralWorkloads_registersEach() {
    ServiceWorkload two =
        workload("web", "a", 80).toBuilder()
            .addWorkloads(workload("web", "b", 80).getWorkloads(0))
            .build();
    register(two);
    assertThat(registry.size()).isEqualTo(2);
    remove(workload("web", "a", 80));
    assertThat(registry.size()).isEqualTo(1);
  }

  @Test
  void lifetime_ofTheHeader_endsARegistrationUnlessItIsRepeated() {
    Watching watching = watch();
    var unusedFirst = living("60").registerWorkload(workload("web", "a", 80));
    timer.advance(Duration.ofSeconds(50));
    var unusedAgain = living("60").registerWorkload(workload("web", "a", 80));
    timer.advance(Duration.ofSeconds(50));
    assertThat(registry.size()).isEqualTo(1);
    timer.advance(Duration.ofSeconds(15));
    assertThat(registry.size()).isZero();
    assertThat(watching.events).containsExactly("Register web a", "Remove web a");
    watching.cancel();
  }

  @Test
  void withoutALifetime_aRegistrationStays() {
    register(workload("web", "a", 80));
    timer.advance(Duration.ofDays(30));
    assertThat(registry.size()).isEqualTo(1);
  }

  @Test
  void refusals_sayWhatIsExpected() {
    assertThatThrownBy(() -> register(ServiceWorkload.getDefaultInstance()))
        .hasMessage(
            "INVALID_ARGUMENT: serviceName: , 0 workloads (expected: a name, and one or more)");
    assertThatThrownBy(() -> register(workload("web", "a".repeat(BYTES), 80)))
        .hasMessageContaining("(expected: 16384 or fewer)");
    assertThatThrownBy(() -> living("soon").registerWorkload(workload("web", "a", 80)))
        .hasMessage("INVALID_ARGUMENT: vl3-lifetime-seconds: soon (expected: 1..31622400)");
  }

  @Test
  void memoryFull_refusesFurtherOnes_andTakesThemWhenOthersHaveGone() {
    int taken = 0;
    Status refusal = Status.OK;
    while (refusal.isOk()) {
      refusal = tryRegister(workload("web", "p" + taken, 80));
      taken += refusal.isOk() ? 1 : 0;
    }
    assertThat(refusal.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(taken).isBetween(50, 200);
    remove(workload("web", "p0", 80));
    assertThat(tryRegister(workload("web", "new", 80)).isOk()).isTrue();
  }

  @Test
  void aWatcherThatDoesNotRead_isEndedAndToldToSubscribeAgain() {
    Watching slow = new Watching(false);
    RegistryGrpc.newStub(channel).getServices(Empty.getDefaultInstance(), slow);
    for (int i = 0; slow.end.isOk() && i < 10_000; i++) {
      register(workload("web", "a", 80 + i % 2));
    }
    assertThat(slow.end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(slow.end.getDescription()).endsWith("[subscribe again]");
    assertThat(registry.watches()).isZero();
  }

  private Status tryRegister(ServiceWorkload workload) {
    try {
      register(workload);
      return Status.OK;
    } catch (StatusRuntimeException refused) {
      return refused.getStatus();
    }
  }

  private void register(ServiceWorkload workload) {
    var unused = client.registerWorkload(workload);
  }

  private void remove(ServiceWorkload workload) {
    var unused = client.removeWorkload(workload);
  }

  private RegisteredWorkloads state() {
    return RegistryStateGrpc.newBlockingStub(channel)
        .getRegisteredWorkloads(Empty.getDefaultInstance());
  }

  private RegistryGrpc.RegistryBlockingStub living(String seconds) {
    Metadata header = new Metadata();
    header.put(WorkloadRegistrar.LIFETIME, seconds);
    ClientInterceptor adding = MetadataUtils.newAttachHeadersInterceptor(header);
    return client.withInterceptors(adding);
  }

  private Watching watch() {
    Watching watching = new Watching(true);
    RegistryGrpc.newStub(channel).getServices(Empty.getDefaultInstance(), watching);
    return watching;
  }

  private static ServiceWorkload workload(String service, String pod, int port) {
    return ServiceWorkload.newBuilder()
        .setServiceName(service)
        .setConnectivityDomain("cd1")
        .addPorts(port)
        .addWorkloads(
            Workload.newBuilder()
                .setIdentifier(WorkloadIdentifier.newBuilder().setPodName(pod))
                .addIPAddress("10.60.232.1/30"))
        .build();
  }

  /** Notes events; perhaps reads none. */
  private static final class Watching implements ClientResponseObserver<Empty, WorkloadEvent> {

    private final boolean reading;
    private final List<String> events = new ArrayList<>();
    private Optional<ClientCallStreamObserver<Empty>> call = Optional.empty();
    private Status end = Status.OK;

    Watching(boolean reading) {
      this.reading = reading;
    }

    void cancel() {
      call.orElseThrow().cancel("enough", null);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Empty> started) {
      call = Optional.of(started);
      if (!reading) {
        started.disableAutoRequestWithInitial(0);
      }
    }

    @Override
    public void onNext(WorkloadEvent event) {
      events.add(
          "%s %s %s"
              .formatted(
                  event.getEventType(),
                  event.getServiceWorkload().getServiceName(),
                  event.getServiceWorkload().getWorkloads(0).getIdentifier().getPodName()));
    }

    @Override
    public void onError(Throwable failure) {
      end = Status.fromThrowable(failure);
    }

    @Override
    public void onCompleted() {}
  }
}
