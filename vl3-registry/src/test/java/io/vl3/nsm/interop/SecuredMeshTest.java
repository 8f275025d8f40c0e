package io.vl3.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.StatusRuntimeException;
import io.vl3.ipam.FixedPrefixes;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.junit.MemoryDataPlane;
import io.vl3.nsm.manager.EmbeddedManager;
import io.vl3.registry.PeerLabels;
import io.vl3.transport.TestTransport;
import io.vl3.transport.TransportUrl;
import io.vl3.transport.identity.TestAuthority;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A peer over mutual TLS is believed only if it is who holds the registration. */
class SecuredMeshTest {

  private static final List<String> POOLS = List.of("10.0.0.0/16");

  private final TestAuthority authority = new TestAuthority("test");
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private TestTransport transport;
  private TransportUrl.Unix url;
  private OwnNse second;

  @BeforeEach
  void start() throws Exception {
    transport = new TestTransport();
    url = transport.unix("nsm.sock");
    opened.push(transport);
    opened.push(
        EmbeddedManager.builder(runtime("manager"), new MemoryDataPlane()).listenOn(url).start());
    OwnNse first = nse("a", "10.0.0.0/24");
    second = nse("b", "10.0.1.0/24");
    Eventually.until("linked", () -> first.isUp("b") && second.isUp("a"));
  }

  @AfterEach
  void stop() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  @Test
  void whoHoldsTheRegistration_isLinked() {
    assertThat(second.mesh.status())
        .singleElement()
        .satisfies(peer -> assertThat(peer.prefixes()).containsExactly(prefix("10.0.0.0/24")));
  }

  @Test
  void anotherIdentityThatSaysItIsThePeer_isRefused() throws Exception {
    nse("mallory", "10.0.2.0/24");
    assertRefused(
        () -> liar().request("a", "10.0.0.0/24", "b"),
        "peer a: spiffe://test/mallory (expected: who holds the registration, spiffe://test/a)");
  }

  @Test
  void anotherIdentityThatSaysItPassesOnForThePeer_isRefused() throws Exception {
    nse("mallory", "10.0.2.0/24");
    assertRefused(
        () -> liar().passOn("a", "10.0.0.0/24", "b", "spiffe://test/a", "spiffe://test/mallory"),
        "peer a: through spiffe://test/mallory (expected: through who registered it, spiffe://test/manager)");
  }

  private void assertRefused(ThrowingCallable lie, String why) {
    StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, lie);
    assertThat(refused).hasMessageContaining(why);
    assertThat(second.server.connections())
        .noneMatch(served -> "a".equals(served.labels().get(PeerLabels.NAME)));
    assertThat(second.isUp("a")).isTrue();
  }

  private Liar liar() {
    return new Liar(runtime("mallory"), url.toString());
  }

  private OwnNse nse(String name, String prefix) throws Exception {
    NsmRuntime runtime = runtime(name);
    ManagerAccess access =
        ManagerAccess.open(runtime, url.toString(), runtime.tokens(name, Duration.ofMinutes(10)));
    opened.push(access);
    OwnNse nse =
        new OwnNse(
            runtime,
            access,
            transport.unix(name),
            name,
            new FixedPrefixes(List.of(prefix(prefix))),
            POOLS);
    opened.push(nse);
    return nse;
  }

  private static IpPrefix prefix(String text) {
    return IpPrefix.parse(text);
  }

  private NsmRuntime runtime(String identity) {
    return NsmRuntime.of(
        transport.timer(),
        transport.executor(),
        transport.secured(authority.source("/" + identity)),
        new Random(1));
  }
}
