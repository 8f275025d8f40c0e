package io.vl3.nsm.manager;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;

/**
 * Refuses an answer that is not joined as was offered. A tunnel identifier other than the proposed
 * one is taken if this node does not use it for another tunnel.
 */
final class CheckAnswer implements Endpoint {

  private final VniPool vnis;

  CheckAnswer(VniPool vnis) {
    this.vnis = vnis;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Mechanism offered = request.mechanismPreferences().get(0);
    Connection answer = next.request(request);
    Mechanism answered = answer.mechanism().orElseThrow(() -> refusal("none", offered, answer));
    if (!answered.type().equals(offered.type())) {
      throw refusal(answered.type(), offered, answer);
    }
    if (answered.type().equals(Mechanism.VXLAN)) {
      holdVni(VxlanParameters.vni(answered, "answer.mechanism"), session);
    }
    return answer;
  }

  @Override
  public Description description() {
    return Description.of(this)
        .doing("checks how the other side is joined")
        .after(TranslateMechanism.class);
  }

  private void holdVni(int answered, Session session) throws EndpointException {
    int proposed = session.get(TranslateMechanism.VNI).orElseThrow();
    if (answered == proposed) {
      return;
    }
    if (!vnis.take(answered)) {
      throw new EndpointException(
          Reason.UNAVAILABLE,
          "answer.mechanism.parameters.vni: %d (expected: free on this node)".formatted(answered));
    }
    session.onFailure("free vni " + answered, () -> vnis.free(answered));
    session.onCommit("free vni " + proposed, () -> vnis.free(proposed));
    session.put(TranslateMechanism.VNI, answered);
  }

  private static EndpointException refusal(String found, Mechanism offered, Connection answer) {
    return new EndpointException(
        Reason.INTERNAL,
        "answer.mechanism: %s (expected: %s) [endpoint %s]"
            .formatted(found, offered.type(), answer.endpointName()));
  }
}
