package io.vl3.nsm;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.time.Deadline;
import io.vl3.transport.TransportUrl;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An endpoint that ends while a request is inside of its chain. */
class NseServerCloseTest {

  @RegisterExtension final EmbeddedManagerExtension nsm = new EmbeddedManagerExtension();

  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);
  private final AtomicInteger open = new AtomicInteger();

  @Test
  void whatIsAnsweredMeanwhile_isClosedToo() throws Exception {
    TransportUrl.Unix url = (TransportUrl.Unix) nsm.urlFor("slow");
    EndpointChain chain = EndpointChain.of("slow", path("slow"), new Slow());
    NseServer server =
        NseServer.builder(nsm.runtime(), "slow", nsm.manager().registry(), url, chain)
            .service("service", Map.of())
            .start();
    ManagedChannel channel = nsm.runtime().dial(url.toString());
    nsm.closing(channel::shutdownNow);
    EndpointRunner client =
        new EndpointRunner(
            EndpointChain.of(
                "client", path("client"), nsm.runtime().networkServiceAt(channel, url.toString())),
            nsm.runtime().executor(),
            nsm.runtime().timer(),
            Duration.ofSeconds(60));
    CompletableFuture<Connection> asking =
        CompletableFuture.supplyAsync(() -> request(client), nsm.runtime().executor());
    assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Void> closing =
        CompletableFuture.runAsync(server::close, nsm.runtime().executor());
    Eventually.until("it listens no more", () -> !Files.exists(url.path()));
    answer.countDown();
    closing.get(60, TimeUnit.SECONDS);

    assertThat(asking).failsWithin(Duration.ofSeconds(60));
    Eventually.until("nothing is held", () -> open.get() == 0);
    assertThat(server.connections()).isEmpty();
  }

  private UpdatePath path(String name) {
    return new UpdatePath(
        name,
        new LocalTokens(name, nsm.runtime().timer(), Duration.ofMinutes(10)),
        ConnectionId::random);
  }

  private Connection request(EndpointRunner client) {
    try {
      return client.request(
          ConnectionRequest.of(
              Connection.to("service")
                  .withId(new ConnectionId("c"))
                  .withPath(new Path(0, List.of(PathSegment.of("w", "c"))))),
          Caller.SELF,
          Deadline.after(Duration.ofSeconds(60), nsm.runtime().timer()));
    } catch (EndpointException refused) {
      throw new IllegalStateException(refused);
    }
  }

  /** Holds something for each connection, and takes its time. */
  private final class Slow implements Endpoint {

    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      open.incrementAndGet();
      session.onFailure("let go", open::decrementAndGet);
      inside.countDown();
      try {
        assertThat(answer.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      return next.request(request);
    }

    @Override
    public void close(Connection connection, Session session, Next next) throws EndpointException {
      open.decrementAndGet();
      next.close(connection);
    }
  }
}
