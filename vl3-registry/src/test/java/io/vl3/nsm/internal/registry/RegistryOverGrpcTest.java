package io.vl3.nsm.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.vl3.api.registry.NetworkServiceQuery;
import io.vl3.api.registry.NetworkServiceRegistryGrpc;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.LocalTokens;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.Registry;
import io.vl3.time.FakeTimer;
import io.vl3.transport.RunningServer;
import io.vl3.transport.TestTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryOverGrpcTest {

  private static final EndpointQuery VL3 = EndpointQuery.ofService("vl3");

  private final FakeTimer timer = new FakeTimer();
  private final TestTransport transport;
  private final InMemoryRegistry registry;
  private final Headers headers = new Headers();
  private final Told told = new Told();
  private RunningServer server;
  private Channel channel;
  private NsmRegistryClient client;

  RegistryOverGrpcTest() throws Exception {
    transport = new TestTransport();
    registry =
        new InMemoryRegistry(
            timer, transport.executor(), Duration.ofSeconds(60), RemoteDomains.NONE);
  }

  @BeforeEach
  void start() throws Exception {
    var services =
        new RegistryServer(registry, transport.executor())
            .services().stream()
                .<io.grpc.BindableService>map(
                    service -> () -> ServerInterceptors.intercept(service, headers))
                .toArray(io.grpc.BindableService[]::new);
    server = transport.start(transport.unix("registry"), services);
    channel = transport.open(server.url());
    client =
        new NsmRegistryClient(
            channel,
            new LocalTokens("me", timer, Duration.ofSeconds(60)),
            Duration.ofSeconds(20),
            timer);
  }

  @AfterEach
  void stop() throws Exception {
    registry.close();
    transport.close();
  }

  @Test
  void aRegistration_isFound_refreshed_andGoesWithUnregister() throws Exception {
    EndpointRecord first = client.register(endpoint("nse-1", "a"));
    assertThat(first.registered()).contains(timer.instant());
    assertThat(first.expires()).contains(timer.instant().plusSeconds(60));
    assertThat(first.owners()).allMatch(owner -> owner.startsWith("uid:"));
    timer.advance(Duration.ofSeconds(30));
    assertThat(client.register(first).expires()).as("the latest wanted").isEqualTo(first.expires());
    EndpointRecord refreshed =
        client.register(first.withTimes(Optional.empty(), first.registered()));
    assertThat(refreshed.registered()).isEqualTo(first.registered());
    assertThat(refreshed.expires()).contains(timer.instant().plusSeconds(60));
    assertThat(client.find(VL3)).containsExactly(refreshed);
    assertThat(client.find(new EndpointQuery("", "vl3", Map.of("app", "b")))).isEmpty();
    String url = refreshed.url();
    assertThat(client.find(new EndpointQuery("", "vl3", Map.of(), url.substring(3)))).hasSize(1);
    assertThat(client.find(new EndpointQuery("", "vl3", Map.of(), url + "x"))).isEmpty();

    client.unregister(refreshed);
    assertThat(client.find(VL3)).isEmpty();
    assertThat(client.kept()).isZero();
  }

  @Test
  void everyCall_carriesTokenAndPath_andARefreshThePathThatWasAnswered() throws Exception {
    EndpointRecord first = client.register(endpoint("nse-1", "a"));
    headers.answer = "{\"Index\":0,\"PathSegments\":[{\"token\":\"t\"}]}";
    client.register(first);
    client.register(first);
    assertThat(headers.paths)
        .containsExactly(
            "{\"Index\":0,\"PathSegments\":null}",
            "{\"Index\":0,\"PathSegments\":null}",
            headers.answer);
    assertThat(headers.tokens).hasSize(3).allMatch(token -> token.split("\\.", -1).length == 3);
  }

  @Test
  void aTakenName_isChanged() throws Exception {
    client.register(endpoint("nse", "a"));
    EndpointRecord second =
        client.register(EndpointRecord.of("nse", "vl3", Map.of(), "unix:///run/another.sock"));
    assertThat(second.name()).isNotEqualTo("nse").startsWith("nse");
  }

  @Test
  void aWatch_tellsWhatIsThere_thenSynced_thenChanges() throws Exception {
    client.register(endpoint("a", "x"));
    client.register(endpoint("b", "x"));
    try (var watch = client.watch(VL3, told)) {
      assertThat(watch).isNotNull();
      assertThat(List.of(told.next(), told.next())).containsExactlyInAnyOrder("+a", "+b");
      assertThat(told.next()).isEqualTo("synced");
      client.register(EndpointRecord.of("other", "another", Map.of(), "unix:///o.sock"));
      EndpointRecord c = client.register(endpoint("c", "x"));
      assertThat(told.next()).isEqualTo("+c");
      client.unregister(c);
      assertThat(told.next()).isEqualTo("-c");
      timer.advance(Duration.ofSeconds(61));
      assertThat(List.of(told.next(), told.next())).containsExactlyInAnyOrder("-a", "-b");
    }
    assertThat(told.events).isEmpty();
  }

  @Test
  void aWatchOfNothing_isSyncedAtOnce() throws Exception {
    try (var watch = client.watch(VL3, told)) {
      assertThat(watch).isNotNull();
      assertThat(told.next()).isEqualTo("synced");
    }
  }

  @Test
  void aWatchThatIsClosed_isForgottenByTheServer() throws Exception {
    var watch = client.watch(VL3, told);
    assertThat(told.next()).isEqualTo("synced");
    watch.close();
    watch.close();
    awaitNoWatchers();
    assertThat(told.events).isEmpty();
  }

  @Test
  void aServerThatCloses_endsTheWatchUnavailable() throws Exception {
    client.watch(VL3, told);
    assertThat(told.next()).isEqualTo("synced");
    server.close();
    assertThat(told.next()).isEqualTo("end UNAVAILABLE");
    var failure = catchThrowableOfType(EndpointException.class, () -> client.find(VL3));
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
  }

  @Test
  void nonsense_isInvalid_andTheServerServesOn() throws Exception {
    for (EndpointRecord nonsense :
        List.of(
            EndpointRecord.of("", "vl3", Map.of(), "unix:///x"),
            EndpointRecord.of("x", "", Map.of(), "unix:///x"),
            EndpointRecord.of("x", "vl3", Map.of("k", "v".repeat(70_000)), "unix:///x"),
            EndpointRecord.of("x", "vl3", Map.of(), "u".repeat(5_000)))) {
      var failure = catchThrowableOfType(EndpointException.class, () -> client.register(nonsense));
      assertThat(failure.reason()).isEqualTo(Reason.INVALID);
      assertThat(failure.getMessage()).hasSizeLessThan(500);
    }
    assertThat(client.register(endpoint("good", "x")).name()).isEqualTo("good");
  }

  @Test
  void networkServices_areRegistered_found_andRemoved() throws Exception {
    NetworkServiceRecord service =
        new NetworkServiceRecord(
            "vl3",
            "IP",
            List.of(
                new NetworkServiceRecord.Match(
                    Map.of("a", "b"), List.of(Map.of("app", "{{.podName}}")), true)));
    assertThat(client.registerService(service)).isEqualTo(service);
    assertThat(registry.findService("vl3")).contains(service);
    assertThat(client.findService("vl3")).contains(service);
    assertThat(client.findService("vl")).isEmpty();
    var found =
        NetworkServiceRegistryGrpc.newBlockingStub(channel)
            .find(NetworkServiceQuery.getDefaultInstance());
    assertThat(found.next().getNetworkService().getName()).isEqualTo("vl3");
    assertThat(found.hasNext()).isFalse();
    client.unregisterService("vl3");
    assertThat(registry.services()).isEmpty();
  }

  private void awaitNoWatchers() throws Exception {
    Eventually.until("nobody watches", () -> registry.watchers() == 0);
  }

  private static EndpointRecord endpoint(String name, String app) {
    return EndpointRecord.of(name, "vl3", Map.of("app", app), "unix:///run/" + name + ".sock");
  }

  /** Keeps the headers that came, and answers another path if told to. */
  private static final class Headers implements ServerInterceptor {
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private volatile String answer = "";

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata came, ServerCallHandler<Q, A> next) {
      paths.add(came.get(PathHeader.KEY));
      tokens.add(came.get(Metadata.Key.of("nsm-client-token", Metadata.ASCII_STRING_MARSHALLER)));
      if (!answer.isEmpty()) {
        Metadata changed = new Metadata();
        changed.merge(came);
        changed.discardAll(PathHeader.KEY);
        changed.put(PathHeader.KEY, answer);
        return next.startCall(call, changed);
      }
      return next.startCall(call, came);
    }
  }

  /** What a watch told, as text. */
  private static final class Told implements Registry.Listener {
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    @Override
    public void onPresent(EndpointRecord endpoint) {
      events.add("+" + endpoint.name());
    }

    @Override
    public void onGone(EndpointRecord endpoint) {
      events.add("-" + endpoint.name());
    }

    @Override
    public void onSynced() {
      events.add("synced");
    }

    @Override
    public void onEnd(Throwable cause) {
      events.add("end " + ((EndpointException) cause).reason());
    }

    String next() throws InterruptedException {
      return events.poll(60, TimeUnit.SECONDS);
    }
  }
}
