package io.vl3.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.connection.Connection;
import io.vl3.api.connection.ConnectionEvent;
import io.vl3.api.connection.MonitorScopeSelector;
import io.vl3.api.connection.PathSegment;
import io.vl3.nsm.junit.MemoryDataPlane;
import io.vl3.nsm.manager.EmbeddedManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The reference's client and vL3 endpoint at our manager: as at the reference's manager. */
@RequiresGo
class OwnManagerTest {

  private static final String PREFIXES = "10.0.0.0/24,2001:db8::/112";

  private GoMesh mesh;
  private String ours;

  @BeforeEach
  void start() throws Exception {
    mesh = GoMesh.start();
    var url = mesh.urlFor("own-manager");
    ours = url.toString();
    mesh.closing(
        EmbeddedManager.builder(mesh.runtime(), new MemoryDataPlane()).listenOn(url).start());
  }

  @AfterEach
  void stop() throws Exception {
    mesh.close();
  }

  @Test
  void aClientIsGivenTheSame_andIsToldTheSame() throws Exception {
    List<String> theirs = life(mesh.managerUrl(), "go");
    assertThat(life(ours, "own")).isEqualTo(theirs);
  }

  @Test
  void endpointsOfTheReference_linkUp() throws Exception {
    List<String> theirs = linkUp(mesh.managerUrl(), "go");
    assertThat(linkUp(ours, "own")).isEqualTo(theirs);
  }

  /** What a client sees from its first request to its close. */
  private List<String> life(String manager, String kind) throws Exception {
    List<String> seen = new ArrayList<>();
    GoPeer endpoint = mesh.endpointOf(manager, kind + "-nse", PREFIXES, "-service", kind);
    GoPeer client = mesh.clientOf(manager, kind + "-nsc", "-heal=false");
    Connection first = request(client, kind);
    seen.addAll(Asked.lines(first));
    seen.add("payload " + first.getPayload());
    seen.add("endpoint " + first.getNetworkServiceEndpointName().replace(kind, ""));
    seen.add("mechanism " + first.getMechanism().getType());
    seen.add("state " + first.getState());
    seen.add("dns " + first.getContext().getDnsContext().getConfigsCount());
    PathSegment own = first.getPath().getPathSegments(0);
    assertThat(own.getName()).isEqualTo(kind + "-nsc");
    assertThat(own.getId()).isEqualTo(first.getId());
    assertThat(first.getPath().getPathSegmentsList()).allMatch(PathSegment::hasExpires);

    client.ask("monitor", selectorOf(first), manager);
    seen.add(event(client.await("monitored")));
    Connection again = client.ask("request", Asked.again(first), "").message(Connection.parser());
    assertThat(Asked.lines(again)).isEqualTo(Asked.lines(first));
    client.ask("close", again, "");
    seen.add(event(client.await("monitored", "DELETE")));
    endpoint.await("left");
    Connection next = request(client, kind);
    assertThat(next.getContext().getIpContext().getSrcIpAddrsList())
        .isEqualTo(first.getContext().getIpContext().getSrcIpAddrsList());
    return seen;
  }

  private List<String> linkUp(String manager, String kind) throws Exception {
    String service = kind + "-net";
    mesh.endpointOf(manager, kind + "-a", PREFIXES, "-service", service);
    GoPeer second = mesh.endpointOf(manager, kind + "-b", "10.0.1.0/24", "-service", service);
    return Asked.lines(second.await("dialled", kind + "-a").connection());
  }

  private static Connection request(GoPeer client, String service) throws Exception {
    var asked = Asked.first("nsc").toBuilder();
    asked.getConnectionBuilder().setNetworkService(service).putLabels("podName", "nsc");
    return client.ask("request", asked.build(), "").connection();
  }

  private static MonitorScopeSelector selectorOf(Connection connection) {
    return MonitorScopeSelector.newBuilder()
        .addPathSegments(PathSegment.newBuilder().setId(connection.getId()))
        .build();
  }

  private static String event(GoPeer.Line line) {
    ConnectionEvent event = line.message(ConnectionEvent.parser());
    return event.getType()
        + " "
        + event.getConnectionsMap().values().stream()
            .map(each -> each.getState() + " " + Asked.lines(each))
            .toList();
  }
}
