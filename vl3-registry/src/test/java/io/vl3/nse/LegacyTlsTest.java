package io.vl3.nse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.spiffe.svid.x509svid.X509Svid;
import io.spiffe.workloadapi.X509Source;
import io.vl3.api.connection.Mechanism;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.links.KernelInterfaces;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.nsm.legacy.FakeDomain02;
import io.vl3.nsm.legacy.FakeForwarder02;
import io.vl3.nsm.legacy.LegacyManager;
import io.vl3.registry.EndpointRecord;
import io.vl3.transport.GrpcServers;
import io.vl3.transport.TransportUrl;
import io.vl3.transport.identity.TestAuthority;
import io.vl3.transport.identity.Tls;
import io.vl3.transport.svid.FakeWorkloadApi;
import io.vl3.transport.svid.WorkloadApi;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * TLS as NSM 0.2 had it: on every socket, also those of the workspace, both sides show an SVID of
 * the Workload API, and any of the trust domain is taken.
 */
class LegacyTlsTest {

  private static final String SERVICE = "vl3-service";
  private static final Duration INTERVAL = Duration.ofMillis(100);

  @RegisterExtension final EmbeddedManagerExtension rig = new EmbeddedManagerExtension();
  @TempDir private Path directory;

  private final TestAuthority authority = new TestAuthority("test");
  private final FakeWorkloadApi agent = new FakeWorkloadApi(authority);

  @Test
  void anNseAndItsManagerShowEachOtherSvids_alsoAfterARotation() throws Exception {
    WorkloadApi ours = workloadApi();
    FakeDomain02 domain = domain(secured(authority.source("/nsmd")));
    Vl3Nse nse = started(domain, secured(ours));
    assertThat(domain.registry().names()).containsExactly(nse.registration().name());
    assertThat(address(domain)).isEqualTo("10.60.1.1/30");

    X509Svid next = authority.issue("/nse", Duration.ofHours(1));
    agent.give(next);
    Eventually.until("rotated", () -> ours.getX509Svid().getLeaf().equals(next.getLeaf()));
    domain.manager().stop();
    domain.manager().start();
    Eventually.until("registered again", () -> domain.registry().names().size() == 1);
    Eventually.until("listens", () -> domain.manager().reaches(nse.registration().name()));
    assertThat(address(domain)).isEqualTo("10.60.1.5/30");
  }

  @Test
  void whoShowsNoSvid_orOneOfAnotherAuthority_isNotTalkedTo() throws Exception {
    FakeDomain02 domain = domain(secured(authority.source("/nsmd")));
    NsmRuntime stranger = secured(new TestAuthority("test").source("/nse"));
    for (NsmRuntime other : List.of(rig.runtime(), stranger)) {
      try (LegacyManager access = domain.access(other.withInsecure(), "ws", INTERVAL)) {
        EndpointRecord wanted = EndpointRecord.of("nse", SERVICE, Map.of(), "");
        assertUnavailable(() -> access.registry().findService(SERVICE));
        assertUnavailable(() -> access.registry().register(wanted));
      }
    }
    assertThat(domain.registry().names()).isEmpty();
  }

  private static void assertUnavailable(ThrowingCallable call) {
    assertThat(catchThrowableOfType(EndpointException.class, call).reason())
        .isEqualTo(Reason.UNAVAILABLE);
  }

  private WorkloadApi workloadApi() throws Exception {
    agent.give(authority.issue("/nse", Duration.ofHours(1)));
    TransportUrl url = new TransportUrl.Unix(directory.resolve("agent.sock"));
    rig.closing(GrpcServers.start(url, rig.runtime().transport(), List.of(agent::service)));
    return rig.closing(
        WorkloadApi.open(
            url.toString(),
            rig.runtime().transport(),
            rig.runtime().timer(),
            new Random(1),
            Duration.ofSeconds(60)));
  }

  private NsmRuntime secured(X509Source source) {
    NsmRuntime plain = rig.runtime();
    Tls tls = new Tls(source, plain.timer(), Duration.ofMinutes(1));
    return plain.toBuilder().transport(plain.transport().withTls(tls)).build();
  }

  private FakeDomain02 domain(NsmRuntime runtime) throws Exception {
    return rig.closing(new FakeDomain02(runtime, "n1", FakeForwarder02.NONE));
  }

  private Vl3Nse started(FakeDomain02 domain, NsmRuntime runtime) throws Exception {
    LegacyManager access = rig.closing(domain.access(runtime, "nse", INTERVAL));
    Vl3Nse nse =
        rig.closing(
            Vl3Nse.builder(runtime, "nse", SERVICE)
                .nsm(NsmEdge.v02(access))
                .links(new KernelInterfaces("file:///proc/self/ns/net"))
                .prefix(IpPrefix.parse("10.60.1.0/24"))
                .pool(IpPrefix.parse("10.60.0.0/16"))
                .start());
    var unused = nse.registered().toCompletableFuture().join();
    return nse;
  }

  private static String address(FakeDomain02 domain) throws Exception {
    return domain
        .workload("pod")
        .request(
            FakeDomain02.workload(
                SERVICE,
                Map.of(),
                Mechanism.newBuilder().setCls("LOCAL").setType("KERNEL_INTERFACE").build()))
        .getContext()
        .getIpContext()
        .getSrcIpAddrs(0);
  }
}
