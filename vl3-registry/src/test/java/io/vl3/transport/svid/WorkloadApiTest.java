package io.vl3.transport.svid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import io.grpc.Status;
import io.spiffe.spiffeid.TrustDomain;
import io.spiffe.svid.x509svid.X509Svid;
import io.vl3.LogLines;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.CallContext;
import io.vl3.nsm.Eventually;
import io.vl3.transport.TestTransport;
import io.vl3.transport.TransportUrl;
import io.vl3.transport.identity.TestAuthority;
import io.vl3.transport.internal.unix.CallFiles;
import io.vl3.transport.internal.unix.SwapFiles;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkloadApiTest {

  private final TestAuthority authority = new TestAuthority("test");
  private final FakeWorkloadApi agent = new FakeWorkloadApi(authority);
  private TestTransport transport;
  private TransportUrl.Unix url;

  @BeforeEach
  void start() throws Exception {
    transport = new TestTransport();
    url = transport.unix("agent.sock");
    transport.start(url, agent::service);
  }

  @AfterEach
  void stop() throws Exception {
    transport.close();
  }

  @Test
  void theFirstSvid_isWaitedFor_andEveryLaterOneTaken() throws Exception {
    X509Svid first = authority.issue("/nse", Duration.ofHours(1));
    agent.give(first);
    try (WorkloadApi api = open(url.toString(), Duration.ofSeconds(60))) {
      assertThat(api.getX509Svid().getLeaf()).isEqualTo(first.getLeaf());
      assertThat(api.getBundleForTrustDomain(TrustDomain.parse("test")).getX509Authorities())
          .containsExactly(authority.root());
      X509Svid second = authority.issue("/nse", Duration.ofHours(1));
      agent.give(second);
      Eventually.until("rotated", () -> api.getX509Svid().getLeaf().equals(second.getLeaf()));
    }
  }

  @Test
  void anAgentThatIsStartedAgain_isAskedAgain_andMeanwhileTheLastSvidStands() throws Exception {
    X509Svid first = authority.issue("/nse", Duration.ofHours(1));
    agent.give(first);
    try (WorkloadApi api = open("unix:" + url.path(), Duration.ofSeconds(60))) {
      agent.restart();
      assertThat(api.getX509Svid().getLeaf()).isEqualTo(first.getLeaf());
      Eventually.until("asked again", () -> agent.listeners() == 1);
    }
  }

  @Test
  void anAgentThatIsLost_isWarnedOfOnce_andItsReturnTold() throws Exception {
    agent.give(authority.issue("/nse", Duration.ofHours(1)));
    try (LogLines log = LogLines.of(WorkloadApi.class.getName());
        WorkloadApi api = open(url.toString(), Duration.ofSeconds(60))) {
      agent.refuse(Status.UNAVAILABLE.withDescription("no identity issued"));
      Eventually.until("refused often", () -> agent.refused() > 3);
      String lost = url + ": SPIFFE Workload API lost, the last SVID stands: no identity issued";
      Eventually.until("warned of", () -> log.lines(Level.WARN).equals(List.of(lost)));
      agent.restart();
      Eventually.until("told", () -> log.lines(Level.WARN).size() > 1);
      assertThat(log.lines(Level.WARN)).hasSize(2).first().isEqualTo(lost);
      assertThat(log.lines(Level.WARN).get(1))
          .startsWith(url + ": SPIFFE Workload API is back after");
      assertThat(api.getX509Svid()).isNotNull();
    }
  }

  @Test
  void anSvidWithoutSuccessor_isWarnedOfWhenItEnds_andASuccessorTold() throws Exception {
    agent.give(authority.issue("/nse", Duration.ofSeconds(2)));
    try (LogLines log = LogLines.of(WorkloadApi.class.getName());
        WorkloadApi api = open(url.toString(), Duration.ofSeconds(60))) {
      Eventually.until("warned of", () -> !log.lines(Level.WARN).isEmpty());
      assertThat(log.lines(Level.WARN).get(0))
          .startsWith(
              url
                  + ": SPIFFE Workload API gave no successor of SVID spiffe://test/nse, which ended"
                  + " at ");
      agent.give(authority.issue("/nse", Duration.ofHours(1)));
      Eventually.until("told", () -> log.lines(Level.WARN).size() > 1);
      assertThat(log.lines(Level.WARN).get(1))
          .startsWith(url + ": SPIFFE Workload API is back after");
      assertThat(api.getX509Svid()).isNotNull();
    }
  }

  @Test
  void noAgent_isUnavailable_andNamesTheCause() {
    EndpointException failure =
        failure(transport.unix("nobody").toString(), "No such file or directory");
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("nobody");
  }

  @Test
  void anSvidThatCannotSignTokens_isNotUsed_andTheReasonTold() throws Exception {
    agent.give(authority.issue("/nse", Duration.ofHours(1), "RSA"));
    assertThat(failure(url.toString(), "EC P-256").reason()).isEqualTo(Reason.UNAVAILABLE);
  }

  /** Two components in a mesh: each follows the agent, connections outlive the rotation. */
  @Test
  void rotation_whileConnectionsLive() throws Exception {
    agent.give(authority.issue("/nse", Duration.ofHours(1)));
    try (WorkloadApi api = open(url.toString(), Duration.ofSeconds(60))) {
      TransportUrl.Unix served = transport.unix("nse.sock");
      SwapFiles echo = new SwapFiles(java.nio.file.Files.createTempDirectory("vl3"));
      transport.start(served, transport.secured(api), () -> CallContext.around(echo));
      var channel = transport.open(served, transport.secured(api));
      for (int i = 0; i < 3; i++) {
        try (CallFiles files = new CallFiles()) {
          String sent = files.send(echo.answerFile());
          files.during(() -> SwapFiles.call(channel, sent, "x"));
        }
        X509Svid next = authority.issue("/nse", Duration.ofHours(1));
        agent.give(next);
        Eventually.until("rotated", () -> api.getX509Svid().getLeaf().equals(next.getLeaf()));
      }
    }
  }

  private WorkloadApi open(String address, Duration patience) throws EndpointException {
    return WorkloadApi.open(
        address, transport.options(), transport.timer(), new Random(1), patience);
  }

  /** Waits longer and longer until what was found wrong is said why nothing came in time. */
  private EndpointException failure(String address, String why) {
    for (Duration patience = Duration.ofMillis(500); ; patience = patience.multipliedBy(3)) {
      Duration waiting = patience;
      EndpointException failure =
          catchThrowableOfType(EndpointException.class, () -> open(address, waiting).close());
      if (String.valueOf(failure.getMessage()).contains(why)) {
        return failure;
      }
      assertThat(waiting).as(failure.getMessage()).isLessThan(Duration.ofMinutes(1));
    }
  }
}
