package io.vl3.nse;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.Connection;
import io.vl3.net.InterfaceAddress;
import io.vl3.nsm.NsmClient;
import io.vl3.nsm.internal.registry.InMemoryRegistry;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An NSE that is part of two NSMs at once, which know nothing of each other. */
class SeveralNsmsTest {

  @RegisterExtension final EmbeddedManagerExtension first = new EmbeddedManagerExtension();
  @RegisterExtension final EmbeddedManagerExtension second = new EmbeddedManagerExtension();

  @Test
  void itServesAndFindsPeersInBoth_andAPeerThatIsInBothIsOne() throws Exception {
    Vl3Nse both = started(first, inBoth("both", 1));
    Vl3Nse here = started(first, NseRig.nse(first, "here", 2));
    Vl3Nse there = started(second, NseRig.nse(second, "there", 3));
    Vl3Nse twin = started(first, inBoth("twin", 4));

    NseRig.awaitPeers(both, "here", "there@other", "twin");
    NseRig.awaitPeers(twin, "both", "here", "there@other");
    NseRig.awaitPeers(here, "both", "twin");
    NseRig.awaitPeers(there, "both", "twin");

    for (EmbeddedManagerExtension nsm : List.of(first, second)) {
      InMemoryRegistry registry = nsm.manager().registry();
      assertThat(registry.find(EndpointQuery.ofService("vl3")))
          .as("whose age is not the same everywhere")
          .filteredOn(EndpointRecord::isInSeveralRegistries)
          .extracting(EndpointRecord::name)
          .containsExactly("both", "twin");
    }

    Connection near = workload(first, "both");
    Connection far = workload(second, "both");
    assertThat(near.ip().clientAddresses()).containsExactly(InterfaceAddress.parse("10.60.1.1/30"));
    assertThat(far.ip().clientAddresses()).containsExactly(InterfaceAddress.parse("10.60.1.5/30"));

    both.close();

    NseRig.awaitPeers(here, "twin");
    NseRig.awaitPeers(there, "twin");
  }

  private Vl3NseBuilder inBoth(String name, int third) {
    return NseRig.nse(first, name, third)
        .alsoIn("other", NsmEdge.v1(second.runtime(), second.access(), second.urlFor(name)));
  }

  private static Connection workload(EmbeddedManagerExtension nsm, String endpoint)
      throws Exception {
    NsmClient client = nsm.client("workload");
    return client.request(NseRig.workload(endpoint, Map.of()));
  }

  private static Vl3Nse started(EmbeddedManagerExtension nsm, Vl3NseBuilder builder)
      throws Exception {
    Vl3Nse nse = nsm.closing(builder.start());
    var unused = nse.registered().toCompletableFuture().join();
    return nse;
  }
}
