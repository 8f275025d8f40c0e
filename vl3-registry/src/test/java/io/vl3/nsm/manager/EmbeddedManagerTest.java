package io.vl3.nsm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.Mechanism;
import io.vl3.dataplane.Attachment.KernelInterface;
import io.vl3.dataplane.Link;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.IpAddress;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmClient;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.TestNse;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.nsm.junit.MemoryDataPlane;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.transport.TransportUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EmbeddedManagerTest {

  @RegisterExtension final EmbeddedManagerExtension nsm = new EmbeddedManagerExtension();

  private final List<TestNse> endpoints = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() throws Exception {
    for (NsmClient client : clients) {
      client.close();
    }
    for (TestNse endpoint : endpoints) {
      endpoint.close();
    }
    Eventually.until(
        "stores empty: " + nsm.manager().gauges(),
        () -> nsm.manager().gauges().stream().allMatch(gauge -> gauge.size() == 0));
    assertThat(nsm.dataPlane().links()).isEmpty();
    assertThat(nsm.manager().registry().size()).isZero();
    Eventually.until("no watchers", () -> nsm.manager().registry().watchers() == 0);
  }

  private final List<NsmClient> clients = new ArrayList<>();

  @Test
  void request_joinsBothSides_andCloseRemovesTheLink() throws Exception {
    nse("a", 1);
    NsmClient client = client();
    Connection answer = client.request(workload());

    assertThat(answer.endpointName()).isEqualTo("a");
    assertThat(answer.mechanism().flatMap(m -> m.parameter(Mechanism.NAME))).contains("nsm0");
    Link link = nsm.dataPlane().links().get(0);
    assertThat(link.client().attachment())
        .isEqualTo(new KernelInterface("file:///run/netns/workload", "nsm0"));
    assertThat(link.client().addresses()).hasToString("[10.1.0.1/32]");
    assertThat(link.client().routes()).hasToString("[10.0.0.0/8 via 10.1.0.0]");
    assertThat(link.client().neighbours()).hasToString("[10.1.0.0]");
    assertThat(((KernelInterface) link.endpoint().attachment()).netns())
        .isEqualTo("file:///run/netns/a");
    assertThat(answer.path().segments()).extracting(s -> s.name()).containsExactly("w", "nsm", "a");

    client.close(answer);
    assertThat(nsm.dataPlane().links()).isEmpty();
  }

  @Test
  void refresh_changesNothing_andStaysAtTheEndpoint() throws Exception {
    nse("a", 1);
    nse("b", 2);
    NsmClient client = client();
    Connection first = client.request(workload());
    List<Link> links = nsm.dataPlane().links();
    Connection second = client.request(workload().withConnection(first));

    assertThat(second.endpointName()).isEqualTo(first.endpointName());
    assertThat(second.ip()).isEqualTo(first.ip());
    assertThat(nsm.dataPlane().links()).isEqualTo(links);
  }

  @Test
  void requests_goRoundRobin() throws Exception {
    nse("a", 1);
    nse("b", 2);
    NsmClient client = client();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      names.add(client.request(workload("w" + i)).endpointName());
    }

    assertThat(names).containsExactly("a", "b", "a", "b");
  }

  @Test
  void deadEndpoint_isPassedOver() throws Exception {
    nse("a", 1);
    nse("b", 2);
    NsmClient client = client();
    nsm.manager()
        .registry()
        .register(
            nsm.manager()
                .registry()
                .find(EndpointQuery.ofName("a"))
                .get(0)
                .withUrl("unix:///nowhere/a.sock"));
    assertThat(client.request(workload()).endpointName()).isEqualTo("b");
  }

  @Test
  void unregisteredEndpoint_isNamed() throws Exception {
    nse("a", 1);
    NsmClient client = client();

    assertThatThrownBy(
            () -> client.request(workload().mapConnection(c -> c.withEndpointName("gone"))))
        .hasMessageContaining("gone")
        .isInstanceOfSatisfying(
            EndpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
  }

  @Test
  void foreignMechanism_isInvalid() throws Exception {
    nse("a", 1);
    NsmClient client = client();

    assertThatThrownBy(
            () ->
                client.request(
                    workload()
                        .withMechanismPreferences(
                            List.of(Mechanism.local(Mechanism.MEMIF, Map.of())))))
        .hasMessageContaining("mechanism_preferences")
        .hasMessageContaining("MEMIF");
    assertThatThrownBy(
            () ->
                client.request(
                    workload()
                        .withMechanismPreferences(
                            List.of(Mechanism.local(Mechanism.KERNEL, Map.of())))))
        .hasMessageContaining("inodeURL");
  }

  @Test
  void reselect_goesToTheOther() throws Exception {
    nse("a", 1);
    nse("b", 2);
    NsmClient client = client();
    Connection first = client.request(workload());
    Connection second =
        client.request(
            workload()
                .withConnection(
                    first.toBuilder()
                        .endpointName("")
                        .mechanism(Optional.empty())
                        .state(ConnectionState.RESELECT_REQUESTED)
                        .build()));

    assertThat(first.endpointName()).isEqualTo("a");
    assertThat(second.endpointName()).isEqualTo("b");
    assertThat(nsm.dataPlane().links()).hasSize(1);
    assertThat(((KernelInterface) nsm.dataPlane().links().get(0).endpoint().attachment()).netns())
        .isEqualTo("file:///run/netns/b");
  }

  @Test
  void endpointThatEnds_isHealedFrom() throws Exception {
    TestNse a = nse("a", 1);
    nse("b", 2);
    NsmClient client = client();
    assertThat(client.request(workload()).endpointName()).isEqualTo("a");
    a.close();

    Eventually.until(
        "healed to b",
        () -> client.connections().stream().anyMatch(c -> c.endpointName().equals("b")));
    Eventually.until("one link", () -> nsm.dataPlane().links().size() == 1);
  }

  /** A client that is started again asks under the same id. */
  @Test
  void aClientThatClosedAndComesBack_hasItsEndpointAgain_whoseverTurnItIs() throws Exception {
    TestNse a = nse("a", 1);
    nse("b", 2);
    ConnectionRequest same =
        workload().mapConnection(c -> c.withId(new ConnectionId("the-same-every-time")));
    for (int start = 0; start < 5; start++) {
      NsmClient client = client();
      assertThat(client.request(same).endpointName()).isEqualTo("a");
      client.close();
    }
    a.close();
    assertThat(client().request(same).endpointName()).isEqualTo("b");
  }

  /** As a workload asks that has the same configuration in every domain. */
  @Test
  void aServiceOfTheOwnDomain_isServedHere() throws Exception {
    MemoryDataPlane plane = new MemoryDataPlane();
    NsmRuntime runtime = nsm.runtime().withInsecure();
    try (EmbeddedManager manager =
            EmbeddedManager.builder(runtime, plane)
                .name("here")
                .node(ManagerSettings.reachable("", IpAddress.parse("127.0.0.1"), true).node())
                .listenOn(nsm.urlFor("here"))
                .listenOn(TransportUrl.parse("tcp://127.0.0.1:0"))
                .start();
        ManagerAccess access =
            ManagerAccess.open(
                runtime,
                nsm.urlFor("here").toString(),
                runtime.tokens("w", Duration.ofMinutes(1)));
        TestNse nse =
            new TestNse(runtime, "x", "svc", access.registry(), nsm.urlFor("x"), 3).registered();
        NsmClient client = NsmClient.builder(runtime, access, "w").build()) {
      int port = ((TransportUrl.Tcp) manager.urls().get(1)).port();
      for (String domain : List.of("127.0.0.1:" + port, "localhost:" + port)) {
        Connection asked =
            client.request(
                workload()
                    .mapConnection(c -> c.toBuilder().networkService("svc@" + domain).build()));
        assertThat(asked.networkService()).isEqualTo("svc@" + domain);
        assertThat(asked.endpointName()).isEqualTo("x");
        assertThat(asked.path().segments())
            .extracting(s -> s.name())
            .containsExactly("w", "here", "x");
        assertThat(plane.links().get(0).endpoint().attachment())
            .isInstanceOf(KernelInterface.class);
        assertThat(client.request(workload().withConnection(asked)).ip()).isEqualTo(asked.ip());
        client.close(asked);
        assertThat(plane.links()).isEmpty();
        assertThat(nse.server.connections()).isEmpty();
      }
      assertThat(access.registry().find(EndpointQuery.ofService("svc@127.0.0.1:" + port)))
          .extracting(EndpointRecord::name)
          .containsExactly("x@127.0.0.1:" + port);
    }
  }

  private TestNse nse(String name, int net) throws Exception {
    TestNse nse =
        new TestNse(nsm.runtime(), name, "svc", nsm.access().registry(), nsm.urlFor(name), net);
    endpoints.add(nse);
    return nse.registered();
  }

  private NsmClient client() {
    NsmClient client = NsmClient.builder(nsm.runtime(), nsm.access(), "w").build();
    clients.add(client);
    return client;
  }

  private static ConnectionRequest workload() {
    return workload("workload");
  }

  private static ConnectionRequest workload(String netns) {
    return new ConnectionRequest(
        Connection.to("svc"),
        List.of(
            Mechanism.local(
                Mechanism.KERNEL, Map.of(Mechanism.INODE_URL, "file:///run/netns/" + netns))));
  }
}
