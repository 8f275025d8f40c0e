package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import io.vl3.api.connection.Connection;
import io.vl3.api.ippool.AllocatorGrpc;
import io.vl3.api.ippool.Empty;
import io.vl3.api.ippool.IpPrefix;
import io.vl3.api.ippool.Subnet;
import io.vl3.api.ippool.SubnetRequest;
import io.vl3.cli.demo.PortInto;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.KernelState;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.nsm.legacy.FakeDomain02;
import io.vl3.nsm.legacy.FakeForwarder02;
import io.vl3.nsm.legacy.Workspace;
import io.vl3.transport.GrpcServers;
import io.vl3.transport.RunningServer;
import io.vl3.transport.TransportUrl;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import io.vl3.workloads.WorkloadRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the original's chart puts into its pod starts {@code vl3 run} unchanged, and it serves. */
@RequiresNetns
class OriginalsPodTest {

  private static final Map<String, String> WEB =
      Map.of("podName", "web-1", "clusterName", "c1", "service", "web", "port", "80");

  @RegisterExtension final EmbeddedManagerExtension rig = new EmbeddedManagerExtension();
  @TempDir private Path directory;

  private final FakeAgent agent = new FakeAgent();
  private final Allocator ipam = new Allocator();
  private WorkloadRegistry names;

  @Test
  void theChartsFileAndEnvironment_startAnNseThatServes() throws Exception {
    FakeDomain02 domain = rig.closing(new FakeDomain02(rig.runtime(), "n1", FakeForwarder02.NONE));
    for (String address : List.of("198.51.100.1", "198.51.100.2")) {
      FakeDomain02 other = rig.closing(new FakeDomain02(rig.runtime(), "n2", FakeForwarder02.NONE));
      other.announce("vl3-service", "elsewhere");
      other.registry().remove("elsewhere");
      domain.registry().domain(address, other.registry());
    }
    Workspace workspace = domain.manager().workspace("nsm-nse");
    Netns netns = rig.closing(new TestNetns("vl3-chart")).add("pod");
    KernelState.ip(netns, "link", "set", "lo", "up");
    startNeighbours(netns, domain);

    try (OriginalsPod pod =
        rig.closing(OriginalsPod.start(netns, workspace.directory(), directory))) {
      Wait.until(() -> "registered: " + words(pod), () -> domain.registry().names().size() == 1);
      Connection served = domain.workload("web").request(FakeDomain02.workload("vl3-service", WEB));

      assertThat(ipam.asked)
          .containsExactly("vl3-service.example.com vl3-service-connectivity-domain /22");
      assertThat(served.getContext().getIpContext().getSrcIpAddrsList())
          .containsExactly("192.168.20.1/30");
      assertThat(agent.state())
          .contains("memif ", " socket /var/lib/networkservicemesh/vl3-service-0.sock ")
          .contains("addresses 192.168.20.2/");
      Wait.until(() -> "registered by name", () -> names.size() == 1);
      assertThat(pod.figures().lines())
          .contains("nse_vl3_active_workload 1.0", "nse_vl3_received_conn_requests_total 0.0");
      assertThat(pod.command("status"))
          .containsPattern("vl3-servicen1a +up ")
          .contains("all is well")
          .endsWith("exit 0\n");
      assertThat(pod.command("diagnose"))
          .containsPattern("manager +well +1 asked")
          .containsPattern("registry +well +1 asked")
          .endsWith("exit 0\n");
      assertThat(pod.command("verify"))
          .contains("nothing to verify: no link whose namespace can be entered from here")
          .endsWith("exit 4\n");
      assertThat(pod.command("run", "--verify"))
          .contains("nsm: NSM 0.2 (NSM_SERVER_SOCKET is set)\n")
          .endsWith("exit 0\n");

      assertThat(pod.stop()).isZero();
      assertThat(domain.registry().names()).isEmpty();
      assertThat(agent.state()).isEmpty();
      assertThat(ipam.freed).containsExactly("192.168.20.0/22");
    }
  }

  /** What a pod reaches at other places of its cluster, at the addresses that the chart names. */
  private void startNeighbours(Netns pod, FakeDomain02 domain) throws Exception {
    NsmRuntime runtime = rig.runtime().withInsecure();
    names =
        new WorkloadRegistry(runtime.timer(), runtime.executor(), 1024 * 1024, Optional.empty());
    List<BindableService> wcm = new ArrayList<>(names.services());
    wcm.add(ipam);
    relay(pod, 9113, rig.closing(FakeAgentServer.onPort(agent, 0)).port());
    relay(pod, 5000, serve(runtime, List.of(domain.registry().discovery())));
    relay(pod, 50051, serve(runtime, wcm));
  }

  private int serve(NsmRuntime runtime, List<BindableService> services) throws Exception {
    TransportUrl any = TransportUrl.parse("tcp://127.0.0.1:0");
    RunningServer server = rig.closing(GrpcServers.start(any, runtime.transport(), services));
    return ((TransportUrl.Tcp) server.url()).port();
  }

  private void relay(Netns pod, int port, int ownPort) throws IOException {
    InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), ownPort);
    rig.closing(PortInto.open(String.valueOf(pod.path().getFileName()), port, here));
  }

  private static String words(OriginalsPod pod) {
    try {
      return pod.output();
    } catch (java.io.IOException unreadable) {
      return unreadable.toString();
    }
  }

  private static final class Allocator extends AllocatorGrpc.AllocatorImplBase {

    final List<String> asked = new ArrayList<>();
    final List<String> freed = new ArrayList<>();

    @Override
    public void allocateSubnet(SubnetRequest request, StreamObserver<Subnet> observer) {
      asked.add(
          "%s %s /%d"
              .formatted(
                  request.getIdentifier().getFqdn(),
                  request.getIdentifier().getConnectivityDomain(),
                  request.getPrefixLen()));
      observer.onNext(
          Subnet.newBuilder()
              .setIdentifier(request.getIdentifier())
              .setPrefix(IpPrefix.newBuilder().setSubnet("192.168.20.0/22"))
              .setLeaseTimeout(2)
              .build());
      observer.onCompleted();
    }

    @Override
    public void renewSubnetLease(Subnet subnet, StreamObserver<Subnet> observer) {
      observer.onNext(subnet);
      observer.onCompleted();
    }

    @Override
    public void freeSubnet(Subnet subnet, StreamObserver<Empty> observer) {
      freed.add(subnet.getPrefix().getSubnet());
      observer.onNext(Empty.getDefaultInstance());
      observer.onCompleted();
    }
  }
}
