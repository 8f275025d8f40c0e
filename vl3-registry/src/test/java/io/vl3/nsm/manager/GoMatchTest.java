package io.vl3.nsm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vl3.grpc.internal.RegistryConverter;
import io.vl3.nsm.interop.GoPeer;
import io.vl3.nsm.interop.RequiresGo;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.NetworkServiceRecord.Match;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The choice of endpoints by a service's matches against the reference's own, at random. */
@RequiresGo
class GoMatchTest {

  private static final int CASES = 2_000;
  private static final List<String> KEYS = List.of("app", "env", "pod");
  private static final List<String> VALUES =
      List.of("a", "b", "", "{{.app}}", "{{ .env }}", "x-{{.pod}}-{{.app}}", "{{.no-field}}", "{{");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Random random = new Random(35);

  @Test
  void whoFits_isWhoFitsInTheReference() throws Exception {
    try (GoPeer reference = GoPeer.start("match", List.of("match"))) {
      for (int i = 0; i < CASES; i++) {
        NetworkServiceRecord service = new NetworkServiceRecord("svc", "IP", matches());
        List<EndpointRecord> endpoints = endpoints();
        Map<String, String> labels = labels(random.nextInt(4), "a", "b", "");
        assertThat(ServiceMatcher.fitting(service, endpoints, labels))
            .extracting(EndpointRecord::name)
            .as("%s for %s of %s", service, labels, endpoints)
            .isEqualTo(byReference(reference, service, endpoints, labels));
      }
    }
  }

  private static List<String> byReference(
      GoPeer reference,
      NetworkServiceRecord service,
      List<EndpointRecord> endpoints,
      Map<String, String> labels)
      throws Exception {
    Map<String, Object> asked = new HashMap<>();
    asked.put("labels", labels);
    asked.put("order", endpoints.stream().map(EndpointRecord::name).toList());
    asked.put(
        "endpoints",
        endpoints.stream()
            .collect(
                Collectors.toMap(
                    EndpointRecord::name, e -> e.services().getOrDefault("svc", Map.of()))));
    String found =
        reference
            .ask("match", RegistryConverter.toProto(service), JSON.writeValueAsString(asked))
            .text();
    return found.isEmpty() ? List.of() : List.of(found.split(" ", -1));
  }

  private List<Match> matches() {
    List<Match> matches = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      List<Map<String, String>> destinations = new ArrayList<>();
      for (int d = random.nextInt(3); d > 0; d--) {
        destinations.add(labels(random.nextInt(3), VALUES.toArray(String[]::new)));
      }
      matches.add(
          new Match(
              labels(random.nextInt(3), VALUES.toArray(String[]::new)),
              destinations,
              random.nextBoolean(),
              random.nextInt(3) == 0 ? Optional.of(Map.of()) : Optional.empty()));
    }
    return matches;
  }

  private List<EndpointRecord> endpoints() {
    List<EndpointRecord> endpoints = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Map<String, String> labels =
          labels(random.nextInt(4), "a", "b", "", "<no value>", "x-a-b", "{{", "{{.no-field}}");
      endpoints.add(EndpointRecord.of("nse" + i, "svc", labels, "tcp://127.0.0.1:1"));
    }
    return endpoints;
  }

  private Map<String, String> labels(int size, String... values) {
    Map<String, String> labels = new HashMap<>();
    for (int i = 0; i < size; i++) {
      labels.put(KEYS.get(random.nextInt(KEYS.size())), values[random.nextInt(values.length)]);
    }
    return labels;
  }
}
