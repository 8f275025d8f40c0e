package io.vl3.cli.assembly;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.failure.EndpointException;
import io.vl3.health.HealthCode;
import io.vl3.health.Reporter;
import io.vl3.internal.log.Outage;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Says when an attached workload has lost its network, or its endpoint can no longer be asked, and
 * why; and when all is well again. It sees what the other elements see: it stands before them in
 * the chain, and between them and the probe. Thread-safe.
 */
final class NoteOutage implements Endpoint, LivenessProbe {

  /** A single ping may get lost. */
  private static final int UNANSWERED = 3;

  private final LivenessProbe probe;
  private final Outage outage;

  /** Guarded by this, like all below. */
  private boolean attached;

  private boolean refused;
  private int unanswered;

  /**
   * An element and a probe.
   *
   * @param probe whether packets pass
   * @param lines where each line goes
   * @param reporter the workload's
   */
  NoteOutage(LivenessProbe probe, Consumer<String> lines, InstantSource clock, Reporter reporter) {
    this.probe = probe;
    this.outage =
        new Outage(lines, line -> {}, clock).reportedTo(reporter, HealthCode.WORKLOAD_OFFLINE, "");
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    try {
      Connection answer = next.request(request);
      session.onCommit("note that it is answered", this::answered);
      return answer;
    } catch (EndpointException failure) {
      refused(request.connection(), failure);
      throw failure;
    }
  }

  @Override
  public boolean alive(Connection connection) {
    boolean alive = probe.alive(connection);
    if (count(alive)) {
      outage.failed(
          "has no network: %s does not answer at %s"
              .formatted(connection.endpointName(), address(connection)));
    }
    endIfWell();
    return alive;
  }

  @Override
  public boolean answers(Connection connection, IpAddress address) {
    return probe.answers(connection, address);
  }

  @Override
  public Description description() {
    return Description.of(this).doing("says when the network is lost, and when it is back");
  }

  private void answered() {
    synchronized (this) {
      attached = true;
      refused = false;
    }
    endIfWell();
  }

  /** Before the first answer there is nothing to lose. */
  private void refused(Connection asked, EndpointException failure) {
    synchronized (this) {
      if (!attached) {
        return;
      }
      refused = true;
    }
    outage.failed(
        "%s cannot be asked: %s %s"
            .formatted(
                asked.endpointName().isEmpty() ? "another endpoint" : asked.endpointName(),
                failure.reason(),
                failure.getMessage()));
  }

  /** Whether the network is lost. */
  private synchronized boolean count(boolean alive) {
    unanswered = alive ? 0 : unanswered + 1;
    return unanswered >= UNANSWERED;
  }

  private void endIfWell() {
    if (isWell()) {
      outage.ended("all is well again");
    }
  }

  private synchronized boolean isWell() {
    return attached && !refused && unanswered == 0;
  }

  private static String address(Connection connection) {
    return connection.ip().endpointAddresses().stream()
        .map(InterfaceAddress::address)
        .map(Object::toString)
        .findFirst()
        .orElse("no address");
  }
}
