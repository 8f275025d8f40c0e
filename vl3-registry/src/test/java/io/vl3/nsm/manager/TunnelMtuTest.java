package io.vl3.nsm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.dataplane.DataPlane;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.dataplane.LinkProgram;
import io.vl3.endpoint.ChainRig;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.endpoint.element.ProgramLink;
import io.vl3.failure.EndpointException;
import io.vl3.net.IpAddress;
import io.vl3.nsm.junit.MemoryDataPlane;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two nodes with underlays of different MTUs, and the MTU of the link between them. */
class TunnelMtuTest {

  private static final Mechanism KERNEL =
      Mechanism.local(Mechanism.KERNEL, Map.of(Mechanism.INODE_URL, "file:///run/netns/x"));

  private final Node near = new Node("192.0.2.1", true);
  private final Node far = new Node("192.0.2.2", false);

  /** What the endpoint behind both was asked for last, and answers. */
  private int toldMtuBytes;

  TunnelMtuTest() {
    far.run(this::endpoint);
    near.run(this::callFar);
  }

  @Test
  void theLeastOfBothUnderlays_isTheLinksOnBothSides_andTheEndpointKnowsIt() throws Exception {
    for (int[] underlays : new int[][] {{1400, 1500}, {1500, 1400}, {9000, 1400}, {9000, 9000}}) {
      near.underlayMtuBytes = underlays[0];
      far.underlayMtuBytes = underlays[1];
      Connection answer = near.rig.request(asked());
      int least = Math.min(underlays[0], underlays[1]) - 50;
      assertThat(answer.context().mtuBytes()).isEqualTo(least);
      assertThat(near.linkMtuBytes()).isEqualTo(least);
      assertThat(far.linkMtuBytes()).isEqualTo(least);
      assertThat(toldMtuBytes).isEqualTo(least);
      near.rig.close(answer);
      far.rig.close(answer.withId(new ConnectionId("far")));
    }
  }

  @Test
  void anUnderlayThatNarrowsOrWidens_isFollowedAtTheNextRefresh() throws Exception {
    Connection link = near.rig.request(asked());
    assertThat(link.context().mtuBytes()).isEqualTo(1450);
    for (int mtu : List.of(1400, 9000, 1300, 1500)) {
      near.underlayMtuBytes = mtu;
      link = near.rig.request(link.withMechanism(KERNEL));
      assertThat(link.context().mtuBytes()).isEqualTo(Math.min(mtu, 1500) - 50);
      assertThat(far.linkMtuBytes()).isEqualTo(Math.min(mtu, 1500) - 50);
    }
    far.underlayMtuBytes = 1350;
    link = near.rig.request(link.withMechanism(KERNEL));
    assertThat(near.linkMtuBytes()).isEqualTo(1300);
    far.underlayMtuBytes = 1500;
    link = near.rig.request(link.withMechanism(KERNEL));
    assertThat(near.linkMtuBytes()).isEqualTo(1450);
    near.rig.close(link);
  }

  @Test
  void whatIsSet_isNotMeasured_andWhatCannotBeMeasuredIsTheUsual() {
    NodeSettings set =
        new NodeSettings(Optional.of(IpAddress.parse("192.0.2.1")), 4789, Optional.of(1400));
    assertThat(set.tunnelMtuBytes(address -> OptionalInt.of(8950))).isEqualTo(1350);
    NodeSettings six =
        new NodeSettings(Optional.of(IpAddress.parse("2001:db8::1")), 4789, Optional.empty());
    assertThat(six.tunnelMtuBytes(address -> OptionalInt.empty())).isEqualTo(1430);
    assertThat(NodeSettings.ALONE.tunnelMtuBytes(address -> OptionalInt.of(1))).isEqualTo(1450);
  }

  private Connection asked() {
    return near.rig.connection("w").withMechanism(KERNEL);
  }

  /** As the manager of the near node calls that of the far one. */
  private Connection callFar(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Connection there =
        request.connection().toBuilder()
            .id(new ConnectionId("far"))
            .mechanism(Optional.empty())
            .build();
    Connection answer =
        far.rig.request(new ConnectionRequest(there, request.mechanismPreferences()));
    return answer.withId(request.connection().requireId());
  }

  private Connection endpoint(ConnectionRequest request, Session session, Next next) {
    toldMtuBytes = request.connection().context().mtuBytes();
    return request.connection().withMechanism(KERNEL);
  }

  private static final class Node implements DataPlane {

    private final ChainRig rig = new ChainRig();
    private final MemoryDataPlane links = new MemoryDataPlane();
    private final IpAddress address;
    private final boolean toNode;
    private int underlayMtuBytes = 1500;

    Node(String address, boolean toNode) {
      this.address = IpAddress.parse(address);
      this.toNode = toNode;
    }

    void run(Endpoint behind) {
      NodeSettings node = new NodeSettings(Optional.of(address), 4789, Optional.empty());
      LinkProgram program = new LinkProgram(this);
      rig.run(
          inOrder(
              List.of(
                  this::select,
                  new TranslateMechanism(
                      node,
                      new VniPool(new Random(17)),
                      () -> node.tunnelMtuBytes(program::tunnelMtuBytes),
                      caller -> true),
                  new ProgramLink(
                      program,
                      new NodeLinks(node, () -> node.tunnelMtuBytes(program::tunnelMtuBytes)),
                      rig.timer,
                      Duration.ofSeconds(5)),
                  behind)));
    }

    /**
     * The elements without those that they ask to stand before them, which this test has no use
     * for.
     */
    private static Endpoint inOrder(List<Endpoint> elements) {
      if (elements.size() == 1) {
        return elements.get(0);
      }
      Endpoint rest = inOrder(elements.subList(1, elements.size()));
      return new Endpoint() {
        @Override
        public Connection request(ConnectionRequest request, Session session, Next next)
            throws EndpointException {
          return elements.get(0).request(request, session, before(session, next));
        }

        @Override
        public void close(Connection connection, Session session, Next next)
            throws EndpointException {
          elements.get(0).close(connection, session, before(session, next));
        }

        private Next before(Session session, Next next) {
          return new Next() {
            @Override
            public Connection request(ConnectionRequest request) throws EndpointException {
              return rest.request(request, session, next);
            }

            @Override
            public void close(Connection connection) throws EndpointException {
              rest.close(connection, session, next);
            }
          };
        }
      };
    }

    int linkMtuBytes() {
      return links.links().stream().map(Link::mtuBytes).reduce((one, two) -> two).orElseThrow();
    }

    private Connection select(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      Target target = new Target("nse", "unix:///nse.sock", toNode ? "far" : "");
      session.put(Selection.KEY, new Selection(List.of(target), false));
      return next.request(request);
    }

    @Override
    public OptionalInt tunnelMtuBytes(IpAddress local) {
      return local.equals(address) ? OptionalInt.of(underlayMtuBytes - 50) : OptionalInt.empty();
    }

    @Override
    public List<LinkOutcome> apply(List<LinkChange> changes) {
      return links.apply(changes);
    }

    @Override
    public Set<LinkKey> observe() {
      return links.observe();
    }

    @Override
    public void close() {}
  }
}
