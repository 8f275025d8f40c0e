package io.vl3.nse;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.connection.Mechanism;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.linux.IcmpProbe;
import io.vl3.linux.KernelDataPlane;
import io.vl3.linux.Netns;
import io.vl3.linux.links.KernelLinks;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.LocalTokens;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmClient;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.nsm.legacy.FakeDomain02;
import io.vl3.nsm.legacy.LegacyManager;
import io.vl3.nsm.manager.EmbeddedManager;
import io.vl3.registry.EndpointQuery;
import io.vl3.transport.TransportUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * One NSE in an NSM 0.2 and in an NSM v1, which know nothing of each other: packets pass from a
 * workload of one to a workload of the other.
 */
@RequiresNetns
class BothNsmsTest {

  private static final String SERVICE = "vl3-service";
  private static final Duration PING = Duration.ofSeconds(1);

  @RegisterExtension final EmbeddedManagerExtension rig = new EmbeddedManagerExtension();
  @TempDir Path directory;

  private final TestNetns fixtures = new TestNetns("vl3-both");
  private final IcmpProbe probe = new IcmpProbe();
  private Netns nse;
  private Netns old;
  private Netns fresh;
  private TransportUrl v1Url;

  @BeforeEach
  void start() throws IOException {
    List<Netns> made = fixtures.addAll(List.of("nse", "old", "new"));
    nse = made.get(0);
    old = made.get(1);
    fresh = made.get(2);
    rig.closing(fixtures);
    v1Url = new TransportUrl.Unix(directory.resolve("nsm.io.sock"));
  }

  @Test
  void packetsPassBetweenWorkloadsOfBoth_whileEitherManagerIsStartedAgain() throws Exception {
    NsmRuntime runtime = rig.runtime();
    EmbeddedManager v1 = manager(runtime);
    ManagerAccess access =
        rig.closing(
            ManagerAccess.open(
                runtime,
                v1Url.toString(),
                new LocalTokens("test", runtime.timer(), Duration.ofMinutes(10))));
    FakeDomain02 v02 =
        rig.closing(
            new FakeDomain02(runtime, "n1", new KernelForwarder02(List.of(nse, old, fresh))));
    Vl3Nse both = rig.closing(endpoint(runtime, access, v02.access("nse")).start());
    var unused = both.registered().toCompletableFuture().get();

    IpAddress ofOld = attachOld(v02);
    IpAddress ofNew = attachNew(runtime, access, v1);
    awaitPackets(ofOld, ofNew);

    v02.manager().stop();
    assertPackets(ofOld, ofNew);
    v02.manager().start();
    Eventually.until("registered there again", () -> v02.registry().names().size() == 1);
    assertPackets(ofOld, ofNew);

    v1.close();
    assertPackets(ofOld, ofNew);
    v1 = manager(runtime);
    EmbeddedManager again = v1;
    Eventually.until("registered there again", () -> isRegistered(again));
    assertPackets(ofOld, ofNew);
    assertThat(both.status().workloads()).isEqualTo(2);
  }

  private Vl3NseBuilder endpoint(NsmRuntime runtime, ManagerAccess v1, LegacyManager v02) {
    TransportUrl listenOn = new TransportUrl.Unix(directory.resolve("nse.sock"));
    return Vl3Nse.builder(runtime, "nse", SERVICE)
        .nsm(NsmEdge.v1(runtime, v1, listenOn))
        .alsoIn("0.2", NsmEdge.v02(v02))
        .links(new KernelLinks("nse", nse, runtime.timer(), runtime.executor()))
        .prefix(IpPrefix.parse("10.60.1.0/24"))
        .pool(IpPrefix.parse("10.60.0.0/16"));
  }

  private EmbeddedManager manager(NsmRuntime runtime) throws Exception {
    KernelDataPlane plane =
        rig.closing(
            new KernelDataPlane(
                "both" + ProcessHandle.current().pid(),
                directory.resolve("links"),
                Netns.ofProcess(),
                Netns::locate));
    return rig.closing(EmbeddedManager.builder(runtime, plane).listenOn(v1Url).start());
  }

  private static boolean isRegistered(EmbeddedManager manager) throws Exception {
    return !manager.registry().find(EndpointQuery.ofService(SERVICE)).isEmpty();
  }

  private IpAddress attachOld(FakeDomain02 domain) throws Exception {
    Eventually.until("in 0.2", () -> domain.registry().names().size() == 1);
    var served =
        domain
            .workload("pod")
            .request(
                FakeDomain02.workload(
                    SERVICE,
                    Map.of("podName", "old"),
                    Mechanism.newBuilder()
                        .setCls("LOCAL")
                        .setType("KERNEL_INTERFACE")
                        .putParameters("name", "nsm0")
                        .putParameters("netnsInode", KernelForwarder02.inode(old))
                        .build()));
    return address(served.getContext().getIpContext().getSrcIpAddrs(0));
  }

  private IpAddress attachNew(NsmRuntime runtime, ManagerAccess access, EmbeddedManager manager)
      throws Exception {
    Eventually.until("in v1", () -> isRegistered(manager));
    NsmClient client =
        rig.closing(
            NsmClient.builder(runtime, access, "new")
                .probe(KernelLinks.probing(fresh, PING))
                .build());
    Connection served =
        client.request(
            new ConnectionRequest(
                Connection.to(SERVICE),
                List.of(
                    io.vl3.connection.Mechanism.local(
                        io.vl3.connection.Mechanism.KERNEL,
                        Map.of("inodeURL", fresh.url(), "name", "nsm0")))));
    return served.ip().clientAddresses().get(0).address();
  }

  private void awaitPackets(IpAddress ofOld, IpAddress ofNew) throws Exception {
    Eventually.until(
        "packets pass",
        () -> probe.alive(old.url(), ofNew, PING) && probe.alive(fresh.url(), ofOld, PING));
  }

  private void assertPackets(IpAddress ofOld, IpAddress ofNew) throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(passes(old, ofNew)).as("from the old to the new, ping %d", i).isTrue();
      assertThat(passes(fresh, ofOld)).as("from the new to the old, ping %d", i).isTrue();
    }
  }

  /** On a busy machine one answer may come late. */
  private boolean passes(Netns from, IpAddress to) throws IOException {
    for (int attempt = 0; attempt < 2; attempt++) {
      if (probe.alive(from.url(), to, PING)) {
        return true;
      }
    }
    return false;
  }

  private static IpAddress address(String withLength) {
    return IpAddress.tryParse(withLength.substring(0, withLength.indexOf('/'))).orElseThrow();
  }
}
