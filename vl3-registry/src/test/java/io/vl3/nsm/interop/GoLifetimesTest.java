package io.vl3.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.nsm.Eventually;
import io.vl3.nsm.ManagerAccess;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A registration at the reference's registry, over several of its lifetimes. */
@RequiresGo
class GoLifetimesTest {

  private static final int REFRESHES = 5;

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

  /** A registration ends with the token that it came with. */
  @Test
  void overTls_anEndpoint_outlivesItsTokens() throws Exception {
    mesh = GoMesh.secured(Duration.ofSeconds(9));
    Seen seen = watch(mesh.access("looker"));
    OwnNse.start(mesh, "own", List.of("10.0.0.0/24"), List.of("10.0.0.0/16"));
    seen.awaitRefreshes();
    assertThat(seen.gone).isEmpty();
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
