package io.vl3.mesh.sim;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.registry.EndpointRecord;
import java.time.Duration;
import java.util.Optional;

/**
 * The end of a client's chain: the way over the network into the chain of the endpoint asked for,
 * and back. Requests and answers are late, or lost where there is no way.
 */
final class Call implements Endpoint {

  private static final long GIVE_UP_NANOS = Duration.ofSeconds(5).toNanos();

  private final World world;
  private final Node node;
  private final Monitor monitor;

  Call(World world, Node node, Monitor monitor) {
    this.world = world;
    this.node = node;
    this.monitor = monitor;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Connection asked = request.connection();
    Node target = target(asked.endpointName());
    Connection there =
        asked.toBuilder()
            .networkService(local(asked.networkService()))
            .endpointName(local(asked.endpointName()))
            .build();
    Connection answer =
        call(
            target,
            nse ->
                nse.server()
                    .request(
                        request.withConnection(there), new Caller(node.place), session.deadline()));
    monitor.served(answer, target);
    return answer.toBuilder()
        .networkService(asked.networkService())
        .endpointName(asked.endpointName())
        .build();
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    Node target = target(connection.endpointName());
    call(
        target,
        nse -> {
          nse.server().close(connection, new Caller(node.place), session.deadline());
          return connection;
        });
  }

  /** Managers look a name up where it is registered. */
  private Node target(String endpointName) throws EndpointException {
    int at = endpointName.indexOf('@');
    Node.Domain domain = at < 0 ? node.domain : world.domain(endpointName.substring(at + 1));
    Optional<EndpointRecord> found = domain.registry().find(local(endpointName));
    if (found.isEmpty()) {
      throw new EndpointException(
          Reason.UNAVAILABLE, "endpoint: " + endpointName + " (expected: a registered one)");
    }
    return world.node(found.get().url());
  }

  private Connection call(Node target, Work work) throws EndpointException {
    world.count();
    travel(target);
    Nse nse =
        target
            .running
            .filter(Nse::isServing)
            .orElseThrow(
                () -> new EndpointException(Reason.UNAVAILABLE, "endpoint: connection refused"));
    Worker self = Worker.current();
    self.processes.push(nse.run());
    Connection answer;
    try {
      answer = work.in(nse);
    } catch (Crashed gone) {
      // Theirs, or ours as well: then we do not come to tell.
      self.processes.poll();
      travel(target);
      throw new EndpointException(Reason.UNAVAILABLE, "endpoint: connection reset", gone);
    } catch (EndpointException refused) {
      self.processes.poll();
      travel(target);
      throw refused;
    }
    self.processes.poll();
    travel(target);
    return answer;
  }

  private void travel(Node target) throws EndpointException {
    long latency = world.network().latency(node.place, target.place);
    if (latency > 0) {
      world.scheduler().sleep(latency);
    }
    if (!world.network().reaches(node.place, target.place)) {
      world.scheduler().sleep(world.scheduler().random().nextLong(GIVE_UP_NANOS));
      throw new EndpointException(Reason.UNAVAILABLE, "endpoint: no answer");
    }
  }

  private static String local(String name) {
    int at = name.indexOf('@');
    return at < 0 ? name : name.substring(0, at);
  }

  private interface Work {
    Connection in(Nse nse) throws EndpointException;
  }
}
