package io.vl3.nse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Empty;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.vl3.api.connection.Connection;
import io.vl3.api.connection.ConnectionEvent;
import io.vl3.api.connection.MonitorConnectionGrpc;
import io.vl3.api.connection.MonitorScopeSelector;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.nsm.legacy.FakeDomain02;
import io.vl3.nsm.legacy.FakeForwarder02;
import io.vl3.nsm.legacy.LegacyManager;
import io.vl3.nsm.legacy.Transcript02;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Our NSE, told word for word what nsmd told the original's, answers as that did. */
class LegacyTranscriptTest {

  private static final String SERVICE = "vl3-service";
  private static final String PEER = "vl3-servicexxxx1";

  @RegisterExtension final EmbeddedManagerExtension rig = new EmbeddedManagerExtension();

  private final List<JsonNode> events = Collections.synchronizedList(new ArrayList<>());
  private FakeDomain02 domain;

  @BeforeEach
  void start() throws Exception {
    domain = rig.closing(new FakeDomain02(rig.runtime(), "n1", FakeForwarder02.NONE));
  }

  @Test
  void aWorkloadComesAndGoes() throws Exception {
    ManagedChannel manager = serve(232);
    monitor(manager);

    Transcript02.Step workload = Transcript02.step("workload.json", 1);
    Connection answer = request(manager, workload);
    assertThat(plain(Transcript02.json(answer))).isEqualTo(plain(workload.answer()));
    Empty closed =
        stub(manager)
            .close(Transcript02.step("close.json", 0).request(Connection.newBuilder()).build());
    assertThat(closed).isEqualTo(Empty.getDefaultInstance());

    List<JsonNode> told =
        Transcript02.step("monitor.json", 0).answers().stream()
            .map(LegacyTranscriptTest::plain)
            .toList();
    Eventually.until("all events", () -> events.size() == told.size());
    assertThat(events).isEqualTo(told);
  }

  @Test
  void aPeerIsReceived() throws Exception {
    domain.announce(SERVICE, PEER);
    ManagedChannel manager = serve(233);

    Transcript02.Step received = Transcript02.step("peer-received.json", 0);
    ObjectNode expected = received.answer();
    ObjectNode labels = (ObjectNode) expected.get("labels");
    assertThat(labels.remove("ucnf/peerName")).as("nobody reads it").isNotNull();
    assertThat(plain(Transcript02.json(request(manager, received)))).isEqualTo(plain(expected));
  }

  private ManagedChannel serve(int third) throws Exception {
    LegacyManager access = domain.access("nsm-pa", Duration.ofMinutes(5));
    LegacyVppNse nse =
        rig.closing(new LegacyVppNse(rig.runtime(), access, "nse", SERVICE, third, List.of()));
    nse.start();
    ManagedChannel manager = rig.runtime().dial(access.workspace().listenOn().toString());
    rig.closing(manager::shutdownNow);
    return manager;
  }

  private void monitor(ManagedChannel manager) throws Exception {
    MonitorConnectionGrpc.newStub(manager)
        .monitorConnections(
            Transcript02.step("monitor.json", 0).request(MonitorScopeSelector.newBuilder()).build(),
            new Told());
    Eventually.until("the first event", () -> events.size() == 1);
  }

  private static Connection request(ManagedChannel manager, Transcript02.Step step)
      throws Exception {
    return stub(manager).request(step.request(NetworkServiceRequest.newBuilder()).build());
  }

  private static NetworkServiceGrpc.NetworkServiceBlockingStub stub(ManagedChannel manager) {
    return NetworkServiceGrpc.newBlockingStub(manager).withDeadlineAfter(Duration.ofSeconds(60));
  }

  /** Without what each program draws for itself. */
  private static JsonNode plain(JsonNode message) {
    JsonNode plain = message.deepCopy();
    for (JsonNode parameters : plain.findValues("parameters")) {
      ObjectNode drawn = (ObjectNode) parameters;
      assertThat(drawn.get("socketfile").textValue())
          .as("within the workspace")
          .doesNotMatch("/.*|.*\\.\\..*");
      // What nsmd adds to its Close, the original repeats; nsmd goes by the id.
      drawn.remove(List.of("workspace", "workspaceNseName"));
      drawn.put("socketfile", "LINK/memif.sock").put("name", "LINK").put("netnsInode", "NETNS");
    }
    return plain;
  }

  private final class Told implements StreamObserver<ConnectionEvent> {

    @Override
    public void onNext(ConnectionEvent event) {
      events.add(plain(Transcript02.json(event)));
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }
}
