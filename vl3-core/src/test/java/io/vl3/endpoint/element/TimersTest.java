package io.vl3.endpoint.element;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.endpoint.ChainRig;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.FailAt;
import io.vl3.endpoint.LeakCheck;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Expiry on the server side, refresh on the client side. */
class TimersTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ChainRig rig = new ChainRig();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger failing = new AtomicInteger();
  private volatile Runnable whenFailing = () -> {};
  private final Endpoint count =
      (request, session, next) -> {
        requests.incrementAndGet();
        if (failing.get() > 0) {
          failing.decrementAndGet();
          whenFailing.run();
          throw new EndpointException(Reason.UNAVAILABLE, "away");
        }
        return next.request(request);
      };

  @RegisterExtension
  final LeakCheck leaks =
      new LeakCheck()
          .empty("timers", rig.timer::pending)
          .empty("sessions", () -> rig.runner().size());

  @Test
  void expire_withoutRefresh_closesAtTheExpiryLessTheMargin() throws EndpointException {
    server();
    rig.request(rig.connection("c", MINUTE));
    rig.advance(Duration.ofSeconds(54));
    assertThat(rig.runner().size()).isEqualTo(1);
    rig.advance(Duration.ofSeconds(1));
    assertThat(rig.runner().size()).isZero();
  }

  @Test
  void expire_refreshed_startsAnew() throws EndpointException {
    server();
    rig.request(rig.connection("c", MINUTE));
    rig.advance(Duration.ofSeconds(50));
    rig.request(rig.connection("c", MINUTE));
    rig.advance(Duration.ofSeconds(50));
    assertThat(rig.runner().size()).isEqualTo(1);
    rig.advance(Duration.ofSeconds(5));
    assertThat(rig.runner().size()).isZero();
  }

  @Test
  void expire_refreshAheadOfTheClose_keepsTheConnection() throws EndpointException {
    server();
    Connection made = rig.request(rig.connection("c", MINUTE));
    rig.timer.advance(Duration.ofSeconds(55)); // the close waits in the executor
    rig.request(rig.connection("c", MINUTE));
    rig.executor.runAll();
    assertThat(rig.runner().size()).isEqualTo(1);
    rig.close(made);
  }

  @Test
  void expire_whoseTurnDoesNotCome_isTriedAgain() throws Exception {
    server();
    rig.request(rig.connection("c", MINUTE));
    failing.set(1);
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    whenFailing = () -> awaitAfter(entered, end);
    CompletableFuture<Void> refresh = CompletableFuture.runAsync(this::refreshInVain);
    entered.await();
    rig.timer.advance(Duration.ofSeconds(55)); // the close waits in the executor
    rig.timer.advance(MINUTE); // and is late when it begins to wait for the refresh
    rig.executor.runAll();
    end.countDown();
    refresh.get();
    assertThat(rig.runner().size()).isEqualTo(1);
    rig.advance(ExpireConnection.RETRY);
    assertThat(rig.runner().size()).isZero();
  }

  @Test
  void expire_failedFirstRequest_startsNoTimer() {
    server();
    failing.set(1);
    assertThatThrownBy(() -> rig.request(rig.connection("c", MINUTE))).hasMessage("away");
    assertThat(rig.timer.pending()).isZero();
  }

  @Test
  void expire_failedRefresh_keepsTheOldTimer() throws EndpointException {
    server();
    rig.request(rig.connection("c", MINUTE));
    rig.advance(Duration.ofSeconds(30));
    failing.set(1);
    assertThatThrownBy(() -> rig.request(rig.connection("c", MINUTE))).hasMessage("away");
    rig.advance(Duration.ofSeconds(25));
    assertThat(rig.runner().size()).isZero();
  }

  @Test
  void expire_tokenAlreadyExpired_isInvalidNamingTheField() {
    server();
    assertThatThrownBy(() -> rig.request(rig.connection("c", Duration.ZERO)))
        .hasMessageStartingWith("connection.path.path_segments[0].expires: ");
  }

  @Test
  void expire_withoutToken_neverCloses() throws EndpointException {
    server();
    Connection bare = Connection.to("s").withId(new ConnectionId("c"));
    rig.request(bare);
    assertThat(rig.timer.pending()).isZero();
    rig.close(bare);
  }

  @Test
  void refresh_repeatsBeforeTheFirstExpiryForever() throws EndpointException {
    client();
    Connection made = rig.request(Connection.to("s"));
    assertThat(rig.timer.untilNext()).isEqualTo(Duration.ofSeconds(12));
    for (int i = 0; i < 10; i++) {
      rig.advance(rig.timer.untilNext());
    }
    assertThat(requests).hasValue(11);
    rig.close(made);
  }

  @Test
  void refresh_failed_isRepeatedEvery200MillisAndThenFallsBackToItsPace() throws EndpointException {
    client();
    Connection made = rig.request(Connection.to("s"));
    failing.set(3);
    rig.advance(Duration.ofSeconds(12));
    for (int i = 0; i < 3; i++) {
      assertThat(rig.timer.untilNext()).isEqualTo(RefreshConnection.RETRY);
      rig.advance(rig.timer.untilNext());
    }
    assertThat(requests).hasValue(5);
    assertThat(rig.timer.untilNext()).isEqualTo(Duration.ofSeconds(12));
    rig.close(made);
  }

  @Test
  void refresh_afterTheExpiry_isRepeatedSlowly() throws EndpointException {
    client();
    Connection made = rig.request(Connection.to("s"));
    failing.set(Integer.MAX_VALUE);
    rig.advance(Duration.ofSeconds(12));
    int before = requests.get();
    for (int i = 0; i < 240; i++) {
      rig.advance(rig.timer.untilNext());
    }
    assertThat(requests.get() - before).isEqualTo(240);
    assertThat(rig.timer.untilNext()).isEqualTo(RefreshConnection.RETRY_EXPIRED);
    rig.close(made);
  }

  @Test
  void refresh_firstRequestFailing_startsNoTimer() {
    rig.run(
        Paths.named("client", rig.timer, MINUTE),
        new RefreshConnection(rig.timer),
        FailAt.request(1));
    assertThatThrownBy(() -> rig.request(Connection.to("s"))).hasMessageContaining("fault");
    assertThat(rig.timer.pending()).isZero();
  }

  private void refreshInVain() {
    assertThatThrownBy(() -> rig.request(rig.connection("c", MINUTE))).hasMessage("away");
  }

  private static void awaitAfter(CountDownLatch entered, CountDownLatch end) {
    entered.countDown();
    try {
      end.await();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private void server() {
    rig.run(
        Paths.named("nse", rig.timer, MINUTE),
        new ExpireConnection(rig.timer, Duration.ofSeconds(5)),
        count);
  }

  private void client() {
    rig.run(Paths.named("client", rig.timer, MINUTE), new RefreshConnection(rig.timer), count);
  }
}
