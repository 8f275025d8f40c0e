package io.vl3.nsm;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Route;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.endpoint.element.ConnectionBoard;
import io.vl3.endpoint.element.OfferKernelInterface;
import io.vl3.endpoint.element.PublishConnection;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.Registry;
import io.vl3.transport.TransportUrl;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An endpoint that gives each connection an address of its own and a kernel interface. */
public final class TestNse implements AutoCloseable {

  public final NseServer server;
  public final ConnectionBoard board;
  final AtomicInteger requests = new AtomicInteger();

  public TestNse(
      NsmRuntime runtime, String name, String service, Registry registry, TransportUrl url, int net)
      throws EndpointException {
    board = new ConnectionBoard(runtime.executor(), 100);
    Endpoint chain =
        EndpointChain.of(
            name,
            new UpdatePath(
                name,
                new LocalTokens(name, runtime.timer(), Duration.ofMinutes(10)),
                ConnectionId::random),
            PublishConnection.on(board),
            new OfferKernelInterface("file:///run/netns/" + name, "e"),
            new Assign(net));
    server =
        NseServer.builder(runtime, name, registry, url, chain)
            .service(service, Map.of("app", name))
            .register(NetworkServiceRecord.of(service))
            .monitor(board)
            .start();
  }

  public TestNse registered() throws Exception {
    var unused = server.registered().toCompletableFuture().get(60, TimeUnit.SECONDS);
    return this;
  }

  @Override
  public void close() {
    server.close();
  }

  /** Gives 10.NET.0.1/32, 10.NET.0.2/32, ... and a route to 10.0.0.0/8. */
  private final class Assign implements Endpoint {

    private final Key<Integer> given = Key.named("given");
    private final AtomicInteger last = new AtomicInteger();
    private final int net;

    Assign(int net) {
      this.net = net;
    }

    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      requests.incrementAndGet();
      int host = session.get(given).orElseGet(last::incrementAndGet);
      session.put(given, host);
      return next.request(
          request.mapConnection(
              connection ->
                  connection
                      .withEndpointName(server.registration().name())
                      .withIp(
                          connection
                              .ip()
                              .withAddresses(
                                  List.of(
                                      InterfaceAddress.parse("10.%d.0.%d".formatted(net, host))),
                                  List.of(InterfaceAddress.parse("10.%d.0.0".formatted(net))))
                              .withRoutes(
                                  List.of(Route.to(IpPrefix.parse("10.0.0.0/8"))), List.of()))));
    }
  }
}
