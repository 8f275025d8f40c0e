package io.vl3.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.health.HealthBoard;
import io.vl3.nsm.NsmRuntime;
import io.vl3.time.SystemTimer;
import io.vl3.transport.TestTransport;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.TransportUrl;
import io.vl3.transport.identity.TestAuthority;
import io.vl3.transport.identity.Tls;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The admin service on a port: who is answered, and who is not. */
class AdminPortTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final TransportUrl.Tcp ANY = (TransportUrl.Tcp) TestTransport.loopback();

  private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
  private final SystemTimer timer = new SystemTimer(scheduler);
  private final TestAuthority authority = new TestAuthority("example.org");
  private final TestAuthority stranger = new TestAuthority("elsewhere.org");
  private final Deque<AutoCloseable> closing = new ArrayDeque<>();
  private TestTransport transport;

  @BeforeEach
  void open() throws Exception {
    transport = new TestTransport();
    closing.push(transport);
    closing.push(scheduler::shutdownNow);
  }

  @AfterEach
  void close() throws Exception {
    while (!closing.isEmpty()) {
      closing.pop().close();
    }
  }

  @Test
  void anIdThatIsNamed_isAnswered_anotherOfItsDomainIsNot() throws Exception {
    AdminPort port = secured("spiffe://example.org/ops", "spiffe://example.org/team/a");
    assertThat(client(port, authority, "/ops").status().getProcess().getCommand())
        .isEqualTo("test");
    assertThat(client(port, authority, "/team/a").events()).isEmpty();
    for (String path : List.of("/other", "/ops/below", "/team")) {
      assertThatThrownBy(() -> client(port, authority, path).status())
          .isInstanceOfSatisfying(
              EndpointException.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.DENIED))
          .hasMessageContaining("spiffe://example.org" + path)
          .hasMessageContaining("admin.allow");
      assertThatThrownBy(() -> client(port, authority, path).diagnostics())
          .isInstanceOf(EndpointException.class);
    }
  }

  @Test
  void aTrustDomainThatIsNamed_isAnsweredWhole_aForeignOneNotEvenConnects() throws Exception {
    AdminPort port = secured("spiffe://example.org");
    assertThat(client(port, authority, "/whoever").status().getVersion()).isEqualTo(1);
    assertThatThrownBy(() -> client(port, stranger, "/whoever").status())
        .isInstanceOfSatisfying(
            EndpointException.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.UNAVAILABLE));
    assertThatThrownBy(() -> plainClient(port).status()).isInstanceOf(EndpointException.class);
  }

  @Test
  void withoutTls_onlyTheLoopbackIsServed() throws Exception {
    NsmRuntime runtime = runtime(transport.options().withInsecure(false));
    AdminPort port = closing(AdminPort.start(runtime, ANY, Optional.empty(), observed(runtime)));
    assertThat(plainClient(port).status().getProcess().getCommand()).isEqualTo("test");
    for (String host : List.of("0.0.0.0", "::", "10.0.0.1", "node")) {
      TransportUrl.Tcp open = new TransportUrl.Tcp(host, 0);
      assertThatThrownBy(() -> AdminPort.start(runtime, open, Optional.empty(), observed(runtime)))
          .hasMessageContaining("loopback");
    }
    AdminAccess someone = new AdminAccess(List.of("spiffe://example.org"));
    assertThatThrownBy(() -> AdminPort.start(runtime, ANY, Optional.of(someone), observed(runtime)))
        .hasMessageContaining("without TLS");
  }

  @Test
  void whatChangesTheProcess_isRefused_whoeverAsks() throws Exception {
    AdminPort secured = secured("spiffe://example.org");
    NsmRuntime plain = runtime(transport.options());
    AdminPort loopback = closing(AdminPort.start(plain, ANY, Optional.empty(), observed(plain)));
    for (AdminClient client : List.of(client(secured, authority, "/ops"), plainClient(loopback))) {
      assertThat(client.status().getVersion()).isEqualTo(1);
      assertThatThrownBy(client::restart).hasMessageContaining("unix socket");
      assertThatThrownBy(() -> client.reload(Optional.empty())).hasMessageContaining("unix socket");
      assertThatThrownBy(() -> client.setLogLevel("", "debug", Optional.empty()))
          .isInstanceOfSatisfying(
              EndpointException.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.DENIED));
    }
  }

  @Test
  void access_takesIdsAndDomainsOnly() {
    AdminAccess access = new AdminAccess(List.of("spiffe://a.org", "spiffe://b.org/x"));
    assertThat(access.allows("spiffe://a.org/any/thing")).isTrue();
    assertThat(access.allows("spiffe://a.org.evil/any")).isFalse();
    assertThat(access.allows("spiffe://b.org/x")).isTrue();
    assertThat(access.allows("spiffe://b.org/x/y")).isFalse();
    assertThat(access.allows("anonymous")).isFalse();
    assertThat(new AdminAccess(List.of()).allows("spiffe://a.org/x")).isFalse();
    for (String bad : List.of("a.org", "spiffe://", "spiffe://a.org/", "spiffe://a.org/*", "")) {
      assertThatThrownBy(() -> AdminAccess.parse(bad)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private AdminPort secured(String... allowed) throws Exception {
    NsmRuntime runtime = runtime(options(authority, "/nse"));
    AdminAccess access = new AdminAccess(List.of(allowed));
    return closing(AdminPort.start(runtime, ANY, Optional.of(access), observed(runtime)));
  }

  private AdminClient client(AdminPort port, TestAuthority of, String path) throws Exception {
    return closing(AdminClient.open((TransportUrl.Tcp) port.url(), options(of, path), PATIENCE));
  }

  private AdminClient plainClient(AdminPort port) throws Exception {
    return closing(AdminClient.open((TransportUrl.Tcp) port.url(), transport.options(), PATIENCE));
  }

  private TransportOptions options(TestAuthority of, String path) {
    return transport.options().withTls(new Tls(of.source(path), timer, Duration.ofMinutes(10)));
  }

  private NsmRuntime runtime(TransportOptions options) {
    return NsmRuntime.of(timer, transport.executor(), options, RandomGenerator.getDefault());
  }

  private static Observed observed(NsmRuntime runtime) {
    HealthBoard board = runtime.board();
    return Observed.of("test", "0", Instant.EPOCH, board);
  }

  private <T extends AutoCloseable> T closing(T part) {
    closing.push(part);
    return part;
  }
}
