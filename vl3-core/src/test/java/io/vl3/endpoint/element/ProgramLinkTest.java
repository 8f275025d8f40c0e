package io.vl3.endpoint.element;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.PathSegment;
import io.vl3.dataplane.FakeDataPlane;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkProgram;
import io.vl3.dataplane.Links;
import io.vl3.endpoint.ChainRig;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.LeakCheck;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProgramLinkTest {

  private static final LinkKey KEY = new LinkKey("nse-1");

  private final ChainRig rig = new ChainRig();
  private final FakeDataPlane plane = new FakeDataPlane();
  private final LinkProgram program = new LinkProgram(plane);
  private final List<String> behind = new ArrayList<>();
  private String address = "10.0.0.1/32";
  private boolean failingClose;

  @RegisterExtension
  final LeakCheck leaks =
      new LeakCheck()
          .empty("links", () -> program.size() - rig.runner().size())
          .empty("programmed", () -> plane.size() - rig.runner().size());

  {
    rig.run(
        Paths.named("nse", rig.timer, Duration.ofMinutes(10)),
        new ProgramLink(
            program,
            (request, answer, session) ->
                Optional.of(address)
                    .filter(text -> !text.isEmpty())
                    .map(text -> Links.link(answer.requireId().value(), text)),
            rig.timer,
            Duration.ofSeconds(5)),
        new Behind());
  }

  @Test
  void request_programsAfterTheRestAnsweredAndTellsTheMtu() throws EndpointException {
    Connection answer = rig.request(rig.connection("c"));
    assertThat(behind).containsExactly("request with 0 links");
    assertThat(plane.observe()).containsExactly(KEY);
    assertThat(answer.context().mtuBytes()).isEqualTo(1400);
  }

  @Test
  void refresh_thatNeedsNoLinkAnyMore_removesIt() throws EndpointException {
    Connection answer = rig.request(rig.connection("c"));
    address = "";
    assertThat(rig.request(answer).context().mtuBytes()).isEqualTo(1400);
    assertThat(plane.observe()).isEmpty();
    address = "10.0.0.1/32";
    rig.request(answer);
    assertThat(plane.observe()).containsExactly(KEY);
  }

  @Test
  void refresh_unchanged_sendsNothing() throws EndpointException {
    Connection answer = rig.request(rig.connection("c"));
    assertThat(rig.request(answer)).isEqualTo(answer);
    assertThat(plane.changes()).isEqualTo(1);
  }

  @Test
  void refresh_movedAddress_sendsTheChange() throws EndpointException {
    Connection answer = rig.request(rig.connection("c"));
    address = "10.0.0.9/32";
    rig.request(answer);
    assertThat(plane.changes()).isEqualTo(2);
    assertThat(plane.state()).contains("10.0.0.9/32");
  }

  @Test
  void failingLink_reportsTheRootAndWhatIsBehindIsUndone() {
    plane.fail(KEY, Reason.CONFLICT, "interface nsm0: exists already");
    leaks.expectErrors(); // the fake also fails the removal of what it never had
    EndpointException failure =
        catchThrowableOfType(EndpointException.class, () -> rig.request(rig.connection("c")));
    assertThat(failure.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(failure).hasMessage("interface nsm0: exists already");
    assertThat(behind).containsExactly("request with 0 links", "undo");
  }

  @Test
  void close_removesAfterTheRestIsClosed() throws EndpointException {
    Connection answer = rig.request(rig.connection("c"));
    behind.clear();
    rig.close(answer);
    assertThat(behind).containsExactly("close with 1 links");
    assertThat(plane.size()).isZero();
  }

  @Test
  void close_whenTheRestFails_stillRemoves() throws EndpointException {
    Connection answer = rig.request(rig.connection("c"));
    failingClose = true;
    assertThatThrownBy(() -> rig.close(answer)).hasMessage("behind: away");
    assertThat(plane.size()).isZero();
  }

  @Test
  void close_afterARestart_removesTheLinkOfTheEarlierLife() throws EndpointException {
    plane.leftOver(new LinkKey("nse-7"));
    Connection known = rig.connection("c");
    rig.close(known.withPath(known.path().withSegment(1, PathSegment.of("nse", "nse-7"))));
    assertThat(plane.size()).isZero();
  }

  /** What the element calls. */
  private final class Behind implements Endpoint {
    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      behind.add("request with " + plane.size() + " links");
      session.onFailure("undo", () -> behind.add("undo"));
      return next.request(request);
    }

    @Override
    public void close(Connection connection, Session session, Next next) throws EndpointException {
      behind.add("close with " + plane.size() + " links");
      if (failingClose) {
        throw new EndpointException(Reason.UNAVAILABLE, "behind: away");
      }
      next.close(connection);
    }
  }
}
