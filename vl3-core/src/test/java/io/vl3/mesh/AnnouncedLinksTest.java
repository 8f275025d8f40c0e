package io.vl3.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.ConnectionId;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.ManualExecutor;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.registry.EndpointRecord;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnnouncedLinksTest {

  private final EndpointRunner runner =
      new EndpointRunner(
          (Endpoint) (request, session, next) -> next.request(request),
          new ManualExecutor(),
          new FakeTimer(),
          Duration.ofSeconds(1));

  private final AnnouncedLinks links = new AnnouncedLinks();

  @Test
  void neighbours_areNotLookedAt() {
    for (int i = 0; i < 256; i++) {
      links.put(link("link-" + i, "peer-" + i, "10.0." + i + ".0/24"));
    }
    assertThat(overlapping("10.1.0.0/24")).isEmpty();
    assertThat(overlapping("10.0.7.0/24")).containsExactly("link-7");
    assertThat(overlapping("10.0.7.128/25")).containsExactly("link-7");
    assertThat(overlapping("10.0.6.0/23")).containsExactly("link-6", "link-7");
    assertThat(overlapping("::/0")).isEmpty();
  }

  /** Against a look at all of them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void overlaps_areThoseOfANaiveModel(int seed) {
    Random random = new Random(seed);
    Map<ConnectionId, PeerLink> model = new HashMap<>();
    for (int i = 0; i < 2_000; i++) {
      PeerLink link =
          link("link-" + random.nextInt(60), "peer-" + random.nextInt(40), some(random));
      if (random.nextInt(3) == 0) {
        assertThat(links.remove(link.id()).map(PeerLink::prefixes))
            .isEqualTo(Optional.ofNullable(model.remove(link.id())).map(PeerLink::prefixes));
      } else {
        links.put(link);
        model.put(link.id(), link);
      }
      PeerLink asking = link("asking", "asking", some(random));
      assertThat(links.overlapping(asking.prefixes()))
          .isEqualTo(new HashSet<>(model.values().stream().filter(asking::overlaps).toList()));
      String peer = link.peerName();
      assertThat(links.hasPeer(peer))
          .isEqualTo(model.values().stream().anyMatch(other -> other.peerName().equals(peer)));
    }
    model.keySet().forEach(links::remove);
    assertThat(links.size()).isZero();
    assertThat(links.overlapping(List.of(IpPrefix.parse("0.0.0.0/0"), IpPrefix.parse("::/0"))))
        .isEmpty();
  }

  private List<String> overlapping(String prefix) {
    return links.overlapping(List.of(IpPrefix.parse(prefix))).stream()
        .map(link -> link.id().value())
        .toList();
  }

  /** Short and long prefixes of both families in little room, so that many overlap. */
  private static String[] some(Random random) {
    List<String> prefixes = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      IpPrefix prefix =
          random.nextBoolean()
              ? IpPrefix.containing(
                  IpAddress.ipv4(10 << 24 | random.nextInt(1 << 12)), 20 + random.nextInt(13))
              : IpPrefix.containing(
                  IpAddress.ipv6(0xfd00L << 48, random.nextInt(1 << 12)), 116 + random.nextInt(13));
      prefixes.add(prefix.toString());
    }
    return prefixes.toArray(String[]::new);
  }

  private PeerLink link(String id, String peer, String... prefixes) {
    return new PeerLink(
        EndpointRecord.of(peer, "vl3", Map.of(), ""),
        runner.handle(new ConnectionId(id)),
        Dialler.PEER,
        Stream.of(prefixes).map(IpPrefix::parse).toList());
  }
}
