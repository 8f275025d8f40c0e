package io.vl3.nse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.admin.AdminClient;
import io.vl3.admin.AdminSockets;
import io.vl3.api.admin.v1.Connection;
import io.vl3.api.admin.v1.Event;
import io.vl3.api.admin.v1.HealthItem;
import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.api.admin.v1.Route;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.NsmClient;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An NSE of the library with its admin service, asked over its socket. */
class NseAdminTest {

  @RegisterExtension final EmbeddedManagerExtension nsm = new EmbeddedManagerExtension();

  @TempDir private Path run;

  @Test
  void status_showsTheNse_itsPool_itsPeers() throws Exception {
    Vl3Nse one = started(NseRig.nse(nsm, "one", 1).admin(run));
    Vl3Nse two = started(NseRig.nse(nsm, "two", 2));
    NseRig.awaitPeers(one, "two");
    NseRig.awaitPeers(two, "one");
    var unused = nsm.client("red").request(NseRig.workload("one", Map.of()));

    ProcessStatus status = client().status();

    assertThat(status.getVersion()).isEqualTo(1);
    assertThat(status.getProcess().getPid()).isEqualTo((int) ProcessHandle.current().pid());
    Nse nse = only(status.getNsesList());
    assertThat(nse.getName()).isEqualTo("one");
    assertThat(nse.getState()).isEqualTo("up");
    assertThat(nse.getWorkloads()).isEqualTo(1);
    assertThat(nse.getNetworkList()).containsExactly("10.60.0.0/16");
    assertThat(nse.getRegistered().getSeconds()).isPositive();
    assertThat(only(nse.getPoolsList()).getPrefix()).isEqualTo("10.60.1.0/24");
    assertThat(only(nse.getPoolsList()).getAddresses()).isEqualTo(256);
    assertThat(only(nse.getPoolsList()).getTaken()).isEqualTo(4);
    assertThat(only(nse.getPeersList()).getName()).isEqualTo("two");
    assertThat(only(nse.getPeersList()).getState()).isEqualTo("up");
    assertThat(only(nse.getPeersList()).getPrefixesList()).containsExactly("10.60.2.0/24");
    assertThat(status.getHealthList()).isEmpty();
  }

  @Test
  void connections_areWorkloadsAndPeers_withoutTokens() throws Exception {
    Vl3Nse one = started(NseRig.nse(nsm, "one", 1).admin(run));
    started(NseRig.nse(nsm, "two", 2).admin(run));
    NseRig.awaitPeers(one, "two");
    var unused = nsm.client("red").request(NseRig.workload("one", Map.of("app", "web")));

    Connection served =
        connections("one").stream().filter(c -> c.getKind().equals("workload")).findFirst().get();
    assertThat(served.getOther()).isEqualTo("red");
    assertThat(served.getClientAddressesList()).containsExactly("10.60.1.1/30");
    assertThat(served.getMechanism()).isEqualTo("KERNEL");
    assertThat(served.getInterface()).startsWith("vl3-");
    assertThat(served.getLabelsMap()).containsEntry("app", "web");
    assertThat(served.getState()).isEqualTo("up");
    Connection answered =
        connections("one").stream().filter(c -> c.getKind().equals("peer")).findFirst().get();
    assertThat(answered.getOther()).isEqualTo("two");
    Connection dialled = only(connections("two"));
    assertThat(dialled.getKind()).isEqualTo("dialled");
    assertThat(dialled.getOther()).isEqualTo("one");
    assertThat(dialled.getInterface()).startsWith("vl3-").isNotEqualTo(answered.getInterface());
    assertThat(connections("one").toString()).doesNotContain("token").doesNotContain("eyJ");
  }

  @Test
  void routes_whereTheDataPlaneCannotBeLookedAt_areWantedAndUnknown() throws Exception {
    Vl3Nse one = started(NseRig.nse(nsm, "one", 1).admin(run));
    started(NseRig.nse(nsm, "two", 2));
    NseRig.awaitPeers(one, "two");
    var unused = nsm.client("red").request(NseRig.workload("one", Map.of()));
    List<Route> routes = client().routes();
    assertThat(routes).allMatch(route -> route.getState().equals("unknown"));
    assertThat(routes)
        .extracting(route -> route.getDestination() + " to " + route.getTo())
        .contains("10.60.1.0/30 to red", "10.60.2.0/24 to two");
  }

  @Test
  void events_tellWhatHappened_andWhoFollowsHearsTheRest() throws Exception {
    Vl3Nse one = started(NseRig.nse(nsm, "one", 1).admin(run));
    Vl3Nse two = started(NseRig.nse(nsm, "two", 2));
    NseRig.awaitPeers(one, "two");
    NsmClient red = nsm.client("red");
    var connection = red.request(NseRig.workload("one", Map.of()));
    assertThat(client().events())
        .extracting(
            event -> event.getComponent() + ": " + event.getKind() + " " + event.getSubject())
        .contains("one: registered one", "one: peer-up two", "one: connected red");

    List<Event> followed = new CopyOnWriteArrayList<>();
    AdminClient follower = client();
    CompletableFuture<Void> following =
        CompletableFuture.runAsync(
            () -> {
              try {
                follower.follow(0, followed::add);
              } catch (EndpointException ended) {
                throw new IllegalStateException(ended);
              }
            },
            nsm.runtime().executor());
    red.close(connection);
    two.close();
    Eventually.until("closed", () -> has(followed, "one", "closed", "red"));
    Eventually.until("left", () -> has(followed, "one", "peer-left", "two"));
    assertThat(followed.stream().map(Event::getNumber).toList())
        .isSorted()
        .doesNotHaveDuplicates()
        .startsWith(1);
    one.close();
    assertThatThrownBy(following::join).hasMessageContaining("closing");
  }

  @Test
  void aPeerThatCannotBeDialled_isATrouble_andARefusalAnEvent() throws Exception {
    Vl3Nse closed =
        started(NseRig.nse(nsm, "closed", 1).forEverybody(new NseRig.RequireLabel("team")));
    Vl3Nse stranger = started(NseRig.nse(nsm, "stranger", 2).admin(run));
    assertThat(closed.registration().name()).isEqualTo("closed");
    Eventually.until("trouble", () -> troubles("stranger").size() == 1);

    HealthItem item = troubles("stranger").get(0);
    assertThat(item.getCode()).isEqualTo("peer-down");
    assertThat(item.getSubject()).isEqualTo("closed");
    assertThat(item.getText()).contains("labels: no team");
    assertThat(item.getRemedy()).isNotBlank();
    assertThat(item.getSince().getSeconds()).isPositive();
    assertThat(only(client().status().getNsesList()).getState()).isEqualTo("degraded");
    closed.close();
    Eventually.until("over", () -> troubles("stranger").isEmpty());
    Eventually.until("given up", () -> stranger.status().peers().isEmpty());
  }

  @Test
  void theSocket_isForUsAlone_andGoesWithTheNse() throws Exception {
    Vl3Nse one = started(NseRig.nse(nsm, "one", 1).admin(run));
    Path socket = only(AdminSockets.in(run));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())))
        .isEqualTo("rwx------");
    one.close();
    assertThat(AdminSockets.in(run)).isEmpty();
    assertThat(socket.getParent()).doesNotExist();
  }

  @Test
  void socketsOfTheDead_areRemoved_andThoseOfTheLivingStay() throws Exception {
    started(NseRig.nse(nsm, "one", 1).admin(run));
    Path living = only(AdminSockets.in(run));
    Path dead = living.resolveSibling("run-1.sock");
    Files.createFile(dead);
    assertThat(AdminSockets.in(run)).containsExactly(living);
    started(NseRig.nse(nsm, "two", 2).admin(run));
    assertThat(dead).doesNotExist();
    assertThat(AdminSockets.in(run)).hasSize(2).contains(living);
    assertThat(client().status().getNses(0).getName()).isEqualTo("one");
  }

  @Test
  void aDeadSocket_isNamedByWhoAsksThere() throws Exception {
    Path nowhere = run.resolve("nowhere.sock");
    AdminClient client = open(nowhere);
    assertThatThrownBy(client::status)
        .isInstanceOf(EndpointException.class)
        .hasMessageStartingWith("admin service at " + nowhere)
        .extracting(failure -> ((EndpointException) failure).reason())
        .isEqualTo(Reason.UNAVAILABLE);
  }

  private static boolean has(List<Event> events, String component, String kind, String subject) {
    return events.stream()
        .anyMatch(
            event ->
                event.getComponent().equals(component)
                    && event.getKind().equals(kind)
                    && event.getSubject().equals(subject));
  }

  private List<HealthItem> troubles(String component) throws Exception {
    return client().status().getHealthList().stream()
        .filter(item -> item.getComponent().equals(component))
        .toList();
  }

  private List<Connection> connections(String nse) throws Exception {
    List<Connection> all = new ArrayList<>();
    for (Path socket : AdminSockets.in(run)) {
      all.addAll(open(socket).connections());
    }
    return all.stream().filter(connection -> connection.getNse().equals(nse)).toList();
  }

  /** Of the first that was started: the shorter name. */
  private AdminClient client() throws Exception {
    return open(
        AdminSockets.in(run).stream()
            .min(Comparator.comparingInt(path -> path.toString().length()))
            .orElseThrow());
  }

  private AdminClient open(Path socket) throws EndpointException {
    return nsm.closing(AdminClient.open(socket, nsm.runtime().transport(), Duration.ofSeconds(30)));
  }

  private Vl3Nse started(Vl3NseBuilder builder) throws Exception {
    Vl3Nse nse = nsm.closing(builder.start());
    var unused = nse.registered().toCompletableFuture().join();
    return nse;
  }

  private static <T> T only(List<T> all) {
    assertThat(all).hasSize(1);
    return all.get(0);
  }
}
