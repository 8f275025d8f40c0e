package io.vl3.mesh.sim;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionEvent;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.IpContext;
import io.vl3.connection.MonitorSelector;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.HashMap;
import java.util.Map;

/**
 * What one process is told of the connections that it asked for, by whoever serves them. As a
 * manager does, it turns a changed context into the wish that the client asks again.
 */
final class Monitor implements ConnectionMonitor {

  private final World world;
  private final Node node;
  private final Run run;

  /** Where each connection is served, by our id of it. */
  private final Map<String, Node> targets = new HashMap<>();

  /** What was answered last, by the id at the server. */
  private final Map<ConnectionId, IpContext> answers = new HashMap<>();

  Monitor(World world, Node node, Run run) {
    this.world = world;
    this.node = node;
    this.run = run;
  }

  void served(Connection answer, Node by) {
    targets.put(answer.requireId().value(), by);
    String there = answer.path().segments().get(answer.path().index() + 1).id();
    answers.put(new ConnectionId(there), answer.ip());
  }

  @Override
  public Subscription monitor(MonitorSelector selector, Listener listener) {
    Node target = targets.get(selector.segments().get(0).id());
    Stream stream = new Stream(node, target, world.stream(run), answers, listener);
    if (target.running.isEmpty() || !world.network().reaches(node.place, target.place)) {
      stream.broken(world);
      return () -> stream.deliveries.end();
    }
    Nse serving = target.running.get();
    Subscription there = serving.board().monitor(selector, stream.sink(world));
    serving.streams().add(stream);
    return () -> {
      stream.deliveries.end();
      there.close();
      serving.streams().remove(stream);
    };
  }

  /** One stream from the board of the serving NSE to the process that asked. */
  static final class Stream {
    final Node to;
    final Node from;
    private final Deliveries deliveries;
    private final Listener listener;
    private final Map<ConnectionId, IpContext> answers;

    Stream(
        Node to,
        Node from,
        Deliveries deliveries,
        Map<ConnectionId, IpContext> answers,
        Listener listener) {
      this.answers = answers;
      this.to = to;
      this.from = from;
      this.deliveries = deliveries;
      this.listener = listener;
    }

    boolean hasEnded() {
      return deliveries.hasEnded();
    }

    void broken(World world) {
      deliveries.sendLast(
          world.network().latency(to.place, from.place),
          () ->
              listener.onEnd(new EndpointException(Reason.UNAVAILABLE, "monitor: stream broken")));
    }

    Listener sink(World world) {
      return new Listener() {
        @Override
        public void onEvent(ConnectionEvent event) {
          ConnectionEvent translated = translate(event);
          if (world.network().reaches(to.place, from.place)) {
            deliveries.send(
                world.network().latency(to.place, from.place), () -> listener.onEvent(translated));
          } else {
            broken(world); // a stream that cannot deliver does not go on with a gap
          }
        }

        @Override
        public void onEnd(Throwable cause) {
          broken(world);
        }
      };
    }

    private ConnectionEvent translate(ConnectionEvent event) {
      return event.type() == ConnectionEvent.Type.DELETE
          ? event
          : new ConnectionEvent(
              event.type(), event.connections().stream().map(this::translate).toList());
    }

    private Connection translate(Connection connection) {
      IpContext answered = answers.getOrDefault(connection.requireId(), connection.ip());
      return answered.equals(connection.ip())
          ? connection
          : connection.withState(ConnectionState.REFRESH_REQUESTED);
    }
  }
}
