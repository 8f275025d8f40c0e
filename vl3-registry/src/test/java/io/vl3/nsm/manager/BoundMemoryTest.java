package io.vl3.nsm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ConnectionWeight;
import io.vl3.endpoint.ChainRig;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.LeakCheck;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.memory.SharedMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Established connections take no more memory than they may. */
class BoundMemoryTest {

  private static final Caller OTHER = new Caller("spiffe://test/other");

  /** Of which each caller may use a quarter. */
  private final SharedMemory elsewhere = new SharedMemory(4_000_000);

  private final ChainRig rig = new ChainRig();
  private final Answering answering = new Answering();

  @RegisterExtension
  final LeakCheck leaks =
      new LeakCheck()
          .empty("memory", () -> (int) elsewhere.used())
          .empty("sessions", () -> rig.runner().size());

  @BeforeEach
  void chain() {
    rig.run(new BoundMemory(new SharedMemory(0), elsewhere), answering);
  }

  @Test
  void connectionsOfOneCaller_areRefusedBeyondItsShare_andOthersHaveTheirs() throws Exception {
    List<Connection> made = new ArrayList<>();
    EndpointException refusal = null;
    while (refusal == null && made.size() < 100) {
      Connection asked = labelled("c" + made.size(), 20_000);
      refusal = catchThrowableOfType(EndpointException.class, () -> made.add(rig.request(asked)));
    }
    assertThat(refusal.reason()).isEqualTo(Reason.EXHAUSTED);
    assertThat(refusal).hasMessageContaining("connection: ").hasMessageContaining("976 KiB");
    assertThat(made).hasSizeBetween(5, 25);
    Connection others =
        rig.runner().request(ConnectionRequest.of(labelled("o", 20_000)), OTHER, rig.deadline());
    rig.runner().close(others, OTHER, rig.deadline());
    for (Connection each : made) {
      rig.close(each);
    }
  }

  @Test
  void whatTheAnswerTakes_counts_andARefusalTakesNothing() {
    answering.addedCharacters = 1_000_000;
    EndpointException refusal =
        catchThrowableOfType(EndpointException.class, () -> rig.request(labelled("c", 10)));
    assertThat(refusal.reason()).isEqualTo(Reason.EXHAUSTED);
    assertThat(elsewhere.used()).isZero();
  }

  @Test
  void aFailureBehind_takesNothing() {
    answering.failing = true;
    assertThat(catchThrowableOfType(EndpointException.class, () -> rig.request(labelled("c", 10))))
        .isNotNull();
    assertThat(elsewhere.used()).isZero();
  }

  @Test
  void aRefreshLikeBefore_passesAtTheLimit_andOneThatGrowsFar_isRefused() throws Exception {
    Connection made = rig.request(labelled("c", 100_000));
    assertThat(elsewhere.take(ChainRig.CALLER.identity(), elsewhere.mostEach() - elsewhere.used()))
        .isTrue();
    long used = elsewhere.used();
    Connection again = rig.request(made.withLabels(labels(100_500)));
    EndpointException refusal =
        catchThrowableOfType(
            EndpointException.class, () -> rig.request(made.withLabels(labels(110_000))));
    assertThat(refusal.reason()).isEqualTo(Reason.EXHAUSTED);
    assertThat(elsewhere.used()).isEqualTo(used);
    assertThat(rig.runner().connections()).containsExactly(again);
    rig.close(made);
    elsewhere.giveBack(ChainRig.CALLER.identity(), elsewhere.used());
  }

  @Test
  void everyTextOfAConnection_weighs() {
    Connection plain = Connection.to("service");
    assertThat(ConnectionWeight.of(plain.withEndpointName("x".repeat(1000))))
        .isGreaterThanOrEqualTo(ConnectionWeight.of(plain) + 1000);
    assertThat(ConnectionWeight.of(plain.withLabels(labels(1000))))
        .isGreaterThanOrEqualTo(ConnectionWeight.of(plain) + 1000);
  }

  private static Connection labelled(String id, int characters) {
    return Connection.to("service").withId(new ConnectionId(id)).withLabels(labels(characters));
  }

  private static Map<String, String> labels(int characters) {
    return Map.of("l", "x".repeat(characters));
  }

  /** Answers with what was asked, and more. */
  private static final class Answering implements Endpoint {
    private int addedCharacters;
    private boolean failing;

    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      if (failing) {
        throw new EndpointException(Reason.UNAVAILABLE, "behind: away");
      }
      return request.connection().withEndpointName("e".repeat(addedCharacters));
    }
  }
}
