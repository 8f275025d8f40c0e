package io.vl3.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.ipam.FixedPrefixes;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmClient;
import io.vl3.nsm.NsmRuntime;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What lasts for a time only, at the reference's registry and manager, over several such times. */
@RequiresGo
class GoLifetimesTest {

  private static final int REFRESHES = 6;

  private GoMesh mesh;

  @AfterEach
  void stop() throws Exception {
    mesh.close();
  }

  /** Shorter than a call may take: what is left of a deadline would be taken off it. */
  @Test
  void anEndpoint_staysRegistered() throws Exception {
    mesh = new GoMesh(List.of("-expiry", "6s"), List.of());
    Seen seen = watch(mesh.access("looker"));
    OwnNse.start(mesh, "own", List.of("10.0.0.0/24"), List.of("10.0.0.0/16"));
    seen.awaitRefreshes();
    assertThat(seen.gone).isEmpty();
  }

  /** Our tokens govern our registration, and the connections that we ask for. */
  @Test
  void overTls_registrationAndConnections_outliveEveryToken() throws Exception {
    mesh = GoMesh.secured(Duration.ofSeconds(12));
    NsmRuntime runtime = mesh.runtime().withRequestTimeout(Duration.ofSeconds(3));
    ManagerAccess access =
        mesh.closing(
            ManagerAccess.open(
                runtime, mesh.managerUrl(), runtime.tokens("own", Duration.ofMinutes(10))));
    Seen seen = watch(access);
    OwnNse own =
        mesh.closing(
            new OwnNse(
                runtime,
                access,
                mesh.urlFor("own"),
                "own",
                new FixedPrefixes(List.of(IpPrefix.parse("10.0.0.0/24"))),
                List.of("10.0.0.0/16")));
    NsmClient client = mesh.closing(NsmClient.builder(runtime, access, "nsc").build());
    client.request(workload());
    Optional<Connection> first = own.server.connections().stream().findFirst();

    seen.awaitRefreshes();
    assertThat(seen.gone).isEmpty();
    assertThat(own.server.connections())
        .singleElement()
        .satisfies(
            now -> {
              assertThat(now.id()).isEqualTo(first.orElseThrow().id());
              assertThat(now.ip().clientAddresses())
                  .isEqualTo(first.orElseThrow().ip().clientAddresses());
            });
  }

  private static ConnectionRequest workload() {
    return new ConnectionRequest(
        Connection.to(OwnNse.SERVICE).withLabels(Map.of("podName", "nsc")),
        List.of(
            Mechanism.local(
                Mechanism.KERNEL, Map.of(Mechanism.INODE_URL, "file:///proc/self/ns/net"))));
  }

  private static Seen watch(ManagerAccess access) {
    Seen seen = new Seen();
    var unused = access.registry().watch(EndpointQuery.ofName("own"), seen);
    return seen;
  }

  /** The registration as others see it. */
  private static final class Seen implements Registry.Listener {

    /** Each refresh grants a later one. */
    private final Set<Instant> expiries = new ConcurrentSkipListSet<>();

    private final List<String> gone = new CopyOnWriteArrayList<>();

    void awaitRefreshes() throws Exception {
      Eventually.until(
          REFRESHES + " refreshes: " + expiries,
          () -> expiries.size() > REFRESHES || !gone.isEmpty());
    }

    @Override
    public void onPresent(EndpointRecord endpoint) {
      endpoint.expires().ifPresent(expiries::add);
    }

    @Override
    public void onGone(EndpointRecord endpoint) {
      gone.add(endpoint.name());
    }

    @Override
    public void onEnd(Throwable cause) {
      gone.add(cause.toString());
    }
  }
}
