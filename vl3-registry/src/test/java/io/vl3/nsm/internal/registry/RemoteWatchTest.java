package io.vl3.nsm.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.vl3.api.registry.NetworkServiceEndpoint;
import io.vl3.api.registry.NetworkServiceEndpointQuery;
import io.vl3.api.registry.NetworkServiceEndpointRegistryGrpc.NetworkServiceEndpointRegistryImplBase;
import io.vl3.api.registry.NetworkServiceEndpointResponse;
import io.vl3.grpc.internal.InProcess;
import io.vl3.nsm.Eventually;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.Registry;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the start of a watch is complete, at a registry whose watch and search keep no order. */
class RemoteWatchTest {

  private final FakeTimer timer = new FakeTimer();
  private final InProcess processes = new InProcess();
  private final FakeRegistryServer there = new FakeRegistryServer();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private Registry.Subscription watch = () -> {};

  @BeforeEach
  void start() throws Exception {
    there.present = List.of("a");
    watch =
        RemoteWatch.start(
            processes.serve(there),
            EndpointQuery.ofService("vl3"),
            new Told(),
            Duration.ofSeconds(60),
            timer);
  }

  @AfterEach
  void stop() throws Exception {
    watch.close();
    Eventually.until("nothing is planned", () -> timer.pending() == 0);
    processes.close();
  }

  @Test
  void whatWasFound_isWaitedFor_howeverOftenASearchIsQuicker() throws Exception {
    awaitSearches(1);
    timer.advance(Duration.ofMillis(100));
    awaitSearches(2);
    timer.advance(Duration.ofMillis(200));
    awaitSearches(3);
    assertThat(told).isEmpty();
    there.tell("a", "unix:///a.sock");
    awaitTold("+a", "synced");
  }

  @Test
  void whatLeftBeforeItWasTold_isWaitedForNoLonger() throws Exception {
    awaitSearches(1);
    there.present = List.of();
    timer.advance(Duration.ofMillis(100));
    awaitTold("synced");
  }

  @Test
  void whatIsNeverTold_isNotWaitedForForEver() throws Exception {
    for (int i = 1; i < 8; i++) {
      awaitSearches(i);
      assertThat(told).isEmpty();
      timer.advance(Duration.ofMillis(100L << (i - 1)));
    }
    awaitTold("synced");
  }

  @Test
  void oneThatNobodyCanUse_isNotWaitedFor() throws Exception {
    awaitSearches(1);
    there.tell("a", "u".repeat(5_000));
    awaitTold("synced");
  }

  @Test
  void aSearchThatFails_isMadeAgain() throws Exception {
    awaitSearches(1);
    there.failing = true;
    timer.advance(Duration.ofMillis(100));
    awaitSearches(2);
    there.tell("a", "unix:///a.sock");
    awaitTold("+a");
    there.failing = false;
    timer.advance(Duration.ofMillis(200));
    awaitTold("+a", "synced");
  }

  /** So many were answered, and the next is planned. */
  private void awaitSearches(int count) throws Exception {
    Eventually.until(
        "search " + count, () -> there.searches.get() == count && timer.pending() == 1);
  }

  private void awaitTold(String... events) throws Exception {
    Eventually.until(told + " is " + List.of(events), () -> told.equals(List.of(events)));
  }

  /** Finds what is said to be present; its watch tells what it is told to tell. */
  private static final class FakeRegistryServer extends NetworkServiceEndpointRegistryImplBase {

    final AtomicInteger searches = new AtomicInteger();
    volatile List<String> present = List.of();
    volatile boolean failing;
    private final List<StreamObserver<NetworkServiceEndpointResponse>> watches =
        new CopyOnWriteArrayList<>();

    @Override
    public void find(
        NetworkServiceEndpointQuery query,
        StreamObserver<NetworkServiceEndpointResponse> observer) {
      if (query.getWatch()) {
        watches.add(observer);
        return;
      }
      searches.incrementAndGet();
      if (failing) {
        observer.onError(Status.UNAVAILABLE.asRuntimeException());
        return;
      }
      present.forEach(name -> observer.onNext(response(name, "unix:///" + name)));
      observer.onCompleted();
    }

    void tell(String name, String url) throws Exception {
      Eventually.until("watched", () -> watches.size() == 1);
      watches.get(0).onNext(response(name, url));
    }

    private static NetworkServiceEndpointResponse response(String name, String url) {
      return NetworkServiceEndpointResponse.newBuilder()
          .setNetworkServiceEndpoint(
              NetworkServiceEndpoint.newBuilder()
                  .setName(name)
                  .addNetworkServiceNames("vl3")
                  .setUrl(url))
          .build();
    }
  }

  private final class Told implements Registry.Listener {

    @Override
    public void onPresent(EndpointRecord endpoint) {
      told.add("+" + endpoint.name());
    }

    @Override
    public void onGone(EndpointRecord endpoint) {
      told.add("-" + endpoint.name());
    }

    @Override
    public void onSynced() {
      told.add("synced");
    }

    @Override
    public void onEnd(Throwable cause) {
      told.add("end");
    }
  }
}
