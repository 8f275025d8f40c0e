package io.vl3.endpoint.element;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Token;
import io.vl3.endpoint.ChainRig;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.FailAt;
import io.vl3.endpoint.LeakCheck;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class UpdatePathTest {

  private final ChainRig rig = new ChainRig();
  private final AtomicInteger serial = new AtomicInteger();
  private final List<Connection> seen = new ArrayList<>();
  private final UpdatePath element =
      new UpdatePath(
          "nse",
          () -> new Token("own", rig.timer.instant().plus(Duration.ofMinutes(5))),
          () -> new ConnectionId("own-" + serial.incrementAndGet()));

  @RegisterExtension
  final LeakCheck leaks =
      new LeakCheck()
          .empty("ids", () -> element.size() - rig.runner().size())
          .empty("timers", rig.timer::pending);

  {
    rig.run(element, new See());
  }

  @Test
  void emptyPath_makesSegmentZeroWithTheConnectionsId() throws EndpointException {
    Connection answer = rig.request(Connection.to("s").withId(new ConnectionId("mine")));
    assertThat(names(answer)).containsExactly("nse/mine");
    assertThat(answer.path().index()).isZero();
    assertThat(answer.requireId().value()).isEqualTo("mine");
    assertThat(answer.path().segments().get(0).token()).isPresent();
  }

  @Test
  void newSegment_isAppendedAndCallersIdAndIndexComeBack() throws EndpointException {
    Connection answer = rig.request(rig.connection("c"));
    assertThat(seen.get(0).requireId().value()).isEqualTo("own-1");
    assertThat(seen.get(0).path().index()).isEqualTo(1);
    assertThat(names(answer)).containsExactly("client/c", "nse/own-1");
    assertThat(answer.requireId().value()).isEqualTo("c");
    assertThat(answer.path().index()).isZero();
  }

  @Test
  void refresh_keepsOurId() throws EndpointException {
    Connection answer = rig.request(rig.connection("c"));
    assertThat(rig.request(answer)).isEqualTo(answer);
    assertThat(names(rig.request(rig.connection("c")))).containsExactly("client/c", "nse/own-1");
  }

  @Test
  void nextSegmentOfAnother_isOverwritten() throws EndpointException {
    Connection moved = withNext(rig.connection("c"), PathSegment.of("dead-nse", "x"));
    assertThat(names(rig.request(moved))).containsExactly("client/c", "nse/own-1");
  }

  @Test
  void nextSegmentOfOurs_givesOurIdAfterARestart() throws EndpointException {
    Connection known = withNext(rig.connection("c"), PathSegment.of("nse", "before"));
    assertThat(names(rig.request(known))).containsExactly("client/c", "nse/before");
  }

  @Test
  void repeatFromOurselves_keepsIndex() throws EndpointException {
    Connection own =
        Connection.to("s")
            .withId(new ConnectionId("inner"))
            .withPath(
                new Path(1, List.of(PathSegment.of("c", "c"), PathSegment.of("nse", "inner"))));
    assertThat(rig.request(own).path().index()).isEqualTo(1);
    assertThat(seen.get(0).requireId().value()).isEqualTo("inner");
  }

  @Test
  void idOfAnotherConnectionOfOurs_isNotTaken() throws EndpointException {
    rig.request(rig.connection("victim"));
    Connection thief = withNext(rig.connection("thief"), PathSegment.of("nse", "own-1"));
    Connection answer =
        rig.runner().request(ConnectionRequest.of(thief), new Caller("thief"), rig.deadline());
    assertThat(names(answer)).containsExactly("client/thief", "nse/own-2");
    Connection stranger = withNext(rig.connection("stranger"), PathSegment.of("nse", "own-1"));
    rig.close(stranger);
    assertThat(seen.get(seen.size() - 1).requireId().value()).isEqualTo("own-3");
  }

  @Test
  void idUnlikeTheCurrentSegments_isInvalidNamingTheField() {
    Connection wrong = rig.connection("c").withId(new ConnectionId("other"));
    EndpointException refused =
        catchThrowableOfType(EndpointException.class, () -> rig.request(wrong));
    assertThat(refused.reason()).isEqualTo(Reason.INVALID);
    assertThat(refused)
        .hasMessage("connection.path.path_segments[0].id: c (expected: connection.id, other)");
  }

  @Test
  void failure_givesTheIdBack() {
    rig.run(element, FailAt.request(1));
    assertThatThrownBy(() -> rig.request(rig.connection("c"))).hasMessageContaining("fault");
    assertThat(element.size()).isZero();
  }

  @Test
  void close_givesTheIdBackAndHasOurView() throws EndpointException {
    Connection answer = rig.request(rig.connection("c"));
    rig.close(answer);
    assertThat(element.size()).isZero();
    assertThat(seen.get(1).requireId().value()).isEqualTo("own-1");
    assertThat(seen.get(1).path().index()).isEqualTo(1);
  }

  @Test
  void ownId_isOurs_whoeverAsked() throws EndpointException {
    Connection served = rig.request(rig.connection("c"));
    assertThat(UpdatePath.ownId(served, "nse")).contains(new ConnectionId("own-1"));
    assertThat(UpdatePath.ownId(served, "client")).contains(new ConnectionId("c"));
    Connection asked = rig.request(Connection.to("s").withId(new ConnectionId("mine")));
    assertThat(UpdatePath.ownId(asked, "nse")).contains(new ConnectionId("mine"));
    assertThat(UpdatePath.ownId(asked, "other")).isEmpty();
    assertThat(UpdatePath.ownId(Connection.to("s"), "nse")).isEmpty();
  }

  private static Connection withNext(Connection connection, PathSegment next) {
    return connection.withPath(connection.path().withSegment(1, next));
  }

  private static List<String> names(Connection connection) {
    return connection.path().segments().stream().map(s -> s.name() + "/" + s.id()).toList();
  }

  /** Keeps what it sees. */
  private final class See implements Endpoint {
    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      seen.add(request.connection());
      return next.request(request);
    }

    @Override
    public void close(Connection connection, Session session, Next next) throws EndpointException {
      seen.add(connection);
      next.close(connection);
    }
  }
}
