package io.vl3.endpoint.element;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.DnsConfig;
import io.vl3.connection.Mechanism;
import io.vl3.endpoint.ChainRig;
import io.vl3.endpoint.Endpoint;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.IpAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an endpoint adds to its answer: the kernel interface and DNS. */
class MechanismTest {

  private final ChainRig rig = new ChainRig();
  private final OfferKernelInterface offer =
      new OfferKernelInterface("file:///run/netns/nse", "vl3-");

  @Test
  void kernelPreference_isAnsweredWithOurNamespaceAndAName() throws EndpointException {
    Mechanism answer =
        rigged().request(asking(Mechanism.MEMIF, Mechanism.KERNEL)).mechanism().orElseThrow();
    assertThat(answer.type()).isEqualTo(Mechanism.KERNEL);
    assertThat(answer.parameter(Mechanism.INODE_URL)).contains("file:///run/netns/nse");
    assertThat(answer.parameter(Mechanism.NAME).orElseThrow()).startsWith("vl3-").hasSize(15);
  }

  @Test
  void refreshWithoutPreferences_keepsTheName() throws EndpointException {
    Connection first = rigged().request(asking(Mechanism.KERNEL));
    Connection second = rig.request(first);
    assertThat(second.mechanism()).isEqualTo(first.mechanism());
  }

  @Test
  void noKernelPreference_isInvalidNamingTheField() {
    EndpointException refused =
        catchThrowableOfType(
            EndpointException.class, () -> rigged().request(asking(Mechanism.MEMIF)));
    assertThat(refused.reason()).isEqualTo(Reason.INVALID);
    assertThat(refused).hasMessage("mechanism_preferences: [MEMIF] (expected: KERNEL among them)");
  }

  @Test
  void names_ofManyConnections_areDifferent() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      names.add(offer.interfaceName(new ConnectionId("c" + i)));
    }
    assertThat(names).hasSize(100_000).allMatch(name -> name.length() <= 15);
  }

  @Test
  void prefix_tooLong_isRefused() {
    assertThatThrownBy(() -> new OfferKernelInterface("file:///x", "toolong"))
        .hasMessageStartingWith("namePrefix: toolong (expected: ");
  }

  @Test
  void dns_isToldOnceBehindWhatWasThere() throws EndpointException {
    DnsConfig ours = new DnsConfig(List.of(IpAddress.parse("10.0.0.1")), List.of("vl3"));
    DnsConfig theirs = new DnsConfig(List.of(IpAddress.parse("10.9.0.1")), List.of("other"));
    rig.run(new SetDnsContext(List.of(ours)));
    Connection asked = rig.connection("c");
    Connection answer = rig.request(asked.withContext(asked.context().withDns(List.of(theirs))));
    assertThat(answer.context().dns()).containsExactly(theirs, ours);
    assertThat(rig.request(answer)).isEqualTo(answer);
  }

  @Test
  void ofSeveralMechanisms_theFirstPreferredThatIsOffered_andThenTheSame()
      throws EndpointException {
    rigChoice(Mechanism.MEMIF, Mechanism.KERNEL);
    Connection chosen = rig.request(asking(Mechanism.VXLAN, Mechanism.KERNEL, Mechanism.MEMIF));
    assertThat(chosen.mechanism().orElseThrow().parameter("answered by")).contains("KERNEL");
    assertThat(rig.request(chosen).mechanism()).isEqualTo(chosen.mechanism());
    assertThat(rig.request(asking(Mechanism.MEMIF, Mechanism.KERNEL)).mechanism())
        .isEqualTo(chosen.mechanism());
    Connection other = chosen.withMechanism(Mechanism.local(Mechanism.MEMIF, Map.of()));
    assertThatThrownBy(() -> rig.request(other))
        .hasMessage("connection.mechanism: MEMIF (expected: KERNEL, as established)");
    rig.close(chosen);
    assertThat(rig.request(other).mechanism().orElseThrow().parameter("answered by"))
        .contains("MEMIF");
    rig.close(other);
    assertThat(rig.runner().size()).isZero();
  }

  @Test
  void noneOfSeveralMechanisms_isInvalidNamingWhatIsOffered() {
    rigChoice(Mechanism.KERNEL);
    assertThatThrownBy(() -> rig.request(asking(Mechanism.MEMIF)))
        .hasMessage("mechanism_preferences: [MEMIF] (expected: KERNEL among them)");
  }

  private void rigChoice(String... types) {
    Map<String, Endpoint> offers = new LinkedHashMap<>();
    for (String type : types) {
      offers.put(
          type,
          (request, session, next) ->
              next.request(
                  request.mapConnection(
                      c -> c.withMechanism(Mechanism.local(type, Map.of("answered by", type))))));
    }
    rig.run(Paths.named("nse", rig.timer, Duration.ofMinutes(10)), new ChooseMechanism(offers));
  }

  private ChainRig rigged() {
    return rig.run(Paths.named("nse", rig.timer, Duration.ofMinutes(10)), offer);
  }

  private ConnectionRequest asking(String... types) {
    List<Mechanism> offered =
        List.of(types).stream().map(type -> Mechanism.local(type, Map.of())).toList();
    return ConnectionRequest.of(rig.connection("c")).withMechanismPreferences(offered);
  }
}
