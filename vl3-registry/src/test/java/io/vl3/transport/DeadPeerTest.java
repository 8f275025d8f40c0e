package io.vl3.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.vl3.connection.ConnectionEvent;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.MonitorSelector;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.MonitorServer;
import io.vl3.grpc.internal.RemoteMonitor;
import io.vl3.transport.internal.socket.OwnNetwork;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A peer of whom nothing comes any more, not even the end of the connection, is noticed on both
 * sides, although pings of HTTP/2 are too rare for that.
 */
class DeadPeerTest {

  @Test
  void aStreamToADeadPeer_ends_onBothSides() throws Exception {
    try (OwnNetwork network = OwnNetwork.open();
        IoThreads io = new IoThreads(1, network.threads())) {
      ExecutorService executor = Executors.newCachedThreadPool(network.threads());
      TransportOptions options =
          TransportOptions.of(io, executor)
              .withInsecure(true)
              .withKeepAlive(Duration.ofSeconds(1), Duration.ofSeconds(8));
      Source source = new Source();
      RunningServer server =
          network.call(
              () ->
                  GrpcServers.start(
                      TestTransport.loopback(),
                      options,
                      List.of(new MonitorServer(source, MonitorServer.Rule.EVERYTHING))));
      ManagedChannel channel = GrpcChannels.open(server.url(), options);
      Watcher watcher = new Watcher();
      // The caller's thread may be the one that makes the socket.
      var watch =
          network.call(() -> new RemoteMonitor(channel).monitor(MonitorSelector.ALL, watcher));
      assertThat(watcher.events.poll(60, TimeUnit.SECONDS))
          .as("first event; ends: %s", watcher.ends)
          .isNotNull();

      network.loopback("down");

      assertThat(watcher.ends.poll(60, TimeUnit.SECONDS)).isEqualTo(Reason.UNAVAILABLE);
      assertThat(source.ended.await(60, TimeUnit.SECONDS)).isTrue();
      watch.close();
      channel.shutdownNow();
      server.close();
      executor.shutdownNow();
    }
  }

  /** A monitor with nothing to tell. */
  private static final class Source implements ConnectionMonitor {
    private final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public Subscription monitor(MonitorSelector selector, Listener listener) {
      listener.onEvent(new ConnectionEvent(ConnectionEvent.Type.INITIAL_STATE_TRANSFER, List.of()));
      return ended::countDown;
    }
  }

  private static final class Watcher implements ConnectionMonitor.Listener {
    private final BlockingQueue<ConnectionEvent> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Reason> ends = new LinkedBlockingQueue<>();

    @Override
    public void onEvent(ConnectionEvent event) {
      events.add(event);
    }

    @Override
    public void onEnd(Throwable cause) {
      ends.add(((EndpointException) cause).reason());
    }
  }
}
