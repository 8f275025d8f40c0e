package io.vl3.nsm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.vl3.api.registry.NetworkServiceEndpoint;
import io.vl3.api.registry.NetworkServiceEndpointQuery;
import io.vl3.api.registry.NetworkServiceEndpointRegistryGrpc;
import io.vl3.api.registry.NetworkServiceEndpointRegistryGrpc.NetworkServiceEndpointRegistryBlockingStub;
import io.vl3.api.registry.NetworkServiceEndpointResponse;
import io.vl3.api.registry.NetworkServiceLabels;
import io.vl3.nsm.Eventually;
import io.vl3.transport.TestTransport;
import io.vl3.transport.TransportUrl;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manager with a heap of 128 MiB, and callers who would fill gigabytes. */
class SmallHeapTest {

  private static final int WATCHERS = 100;

  @TempDir private Path directory = Path.of("/");
  private TestTransport transport;
  private TransportUrl.Unix url;
  private Path errors;
  private Process manager;

  @BeforeEach
  void start() throws Exception {
    transport = new TestTransport();
    url = new TransportUrl.Unix(directory.resolve("manager.sock"));
    errors = directory.resolve("errors");
    manager =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                SmallHeapMain.class.getName(),
                url.toString())
            .redirectError(errors.toFile())
            .start();
    BufferedReader output = manager.inputReader();
    assertThat(output.readLine()).as(Files.readString(errors)).startsWith("ready");
  }

  @AfterEach
  void stop() throws Exception {
    transport.close();
    manager.getOutputStream().close();
    if (!manager.waitFor(10, TimeUnit.SECONDS)) {
      manager.destroyForcibly();
    }
  }

  @Test
  void hugeRegistrations_andWatchersWhoDoNotRead_leaveItServing() throws Exception {
    var attacker = NetworkServiceEndpointRegistryGrpc.newBlockingStub(transport.open(url));
    NetworkServiceEndpointRegistryBlockingStub proper =
        NetworkServiceEndpointRegistryGrpc.newBlockingStub(transport.open(url));
    register(proper, "proper", "x");

    StatusRuntimeException refusal =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> {
              for (int i = 0; i < 20_000; i++) {
                register(attacker, "huge" + i, "x".repeat(60_000));
              }
            });
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);

    ManagedChannel watching = transport.open(url);
    AtomicInteger first = new AtomicInteger();
    for (int i = 0; i < WATCHERS; i++) {
      NetworkServiceEndpointRegistryGrpc.newStub(watching)
          .find(NetworkServiceEndpointQuery.newBuilder().setWatch(true).build(), new Unread(first));
    }
    Eventually.until("watching, or refused", () -> first.get() == WATCHERS);
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 20; i++) {
        register(attacker, "huge" + i, "y".repeat(50_000) + round);
      }
    }

    register(proper, "proper", "x");
    assertThat(
            proper
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .find(
                    NetworkServiceEndpointQuery.newBuilder()
                        .setNetworkServiceEndpoint(
                            NetworkServiceEndpoint.newBuilder().setName("proper"))
                        .build()))
        .toIterable()
        .hasSize(1);
    assertThat(manager.isAlive()).isTrue();
    assertThat(Files.readString(errors)).doesNotContain("OutOfMemory").doesNotContain("ERROR");
  }

  private static void register(
      NetworkServiceEndpointRegistryBlockingStub registry, String name, String label) {
    NetworkServiceEndpoint unused =
        registry
            .withDeadlineAfter(60, TimeUnit.SECONDS)
            .register(
                NetworkServiceEndpoint.newBuilder()
                    .setName(name)
                    .setUrl("unix:///" + name)
                    .addNetworkServiceNames("vl3")
                    .putNetworkServiceLabels(
                        "vl3", NetworkServiceLabels.newBuilder().putLabels("l", label).build())
                    .build());
  }

  /** Reads one message, and no other. */
  private record Unread(AtomicInteger first)
      implements ClientResponseObserver<
          NetworkServiceEndpointQuery, NetworkServiceEndpointResponse> {

    @Override
    public void beforeStart(ClientCallStreamObserver<NetworkServiceEndpointQuery> call) {
      call.disableAutoRequestWithInitial(1);
    }

    @Override
    public void onNext(NetworkServiceEndpointResponse response) {
      first.incrementAndGet();
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }
}
