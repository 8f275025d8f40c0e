package io.vl3.nsm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.NetworkServiceRecord.Match;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceMatcherTest {

  private static final List<EndpointRecord> ENDPOINTS =
      List.of(nse("red", Map.of("color", "red")), nse("blue", Map.of("color", "blue")));

  @Test
  void noMatches_everyEndpoint() {
    assertThat(fitting(List.of(), Map.of())).containsExactly("red", "blue");
  }

  @Test
  void noSourceMatches_none() {
    assertThat(fitting(List.of(match(Map.of("a", "b"), Map.of(), true)), Map.of())).isEmpty();
  }

  @Test
  void firstMatchThatFitsTheSource_decides() {
    List<Match> matches =
        List.of(
            match(Map.of("tier", "web"), Map.of("color", "blue"), false),
            match(Map.of(), Map.of("color", "red"), false));
    assertThat(fitting(matches, Map.of("tier", "web", "x", "y"))).containsExactly("blue");
    assertThat(fitting(matches, Map.of())).containsExactly("red");
  }

  @Test
  void fallThrough_goesOnWhenNoEndpointFits() {
    Match second = match(Map.of(), Map.of("color", "red"), false);
    assertThat(fitting(List.of(match(Map.of(), Map.of("color", "x"), true), second), Map.of()))
        .containsExactly("red");
    assertThat(fitting(List.of(match(Map.of(), Map.of("color", "x"), false), second), Map.of()))
        .isEmpty();
  }

  @Test
  void templates_areFilledFromTheRequest() {
    List<Match> matches = List.of(match(Map.of(), Map.of("color", "{{ .want }}"), false));
    assertThat(fitting(matches, Map.of("want", "blue"))).containsExactly("blue");
    assertThat(fitting(matches, Map.of())).isEmpty();
  }

  private static List<String> fitting(List<Match> matches, Map<String, String> labels) {
    return ServiceMatcher.fitting(new NetworkServiceRecord("svc", "IP", matches), ENDPOINTS, labels)
        .stream()
        .map(EndpointRecord::name)
        .toList();
  }

  private static Match match(
      Map<String, String> source, Map<String, String> destination, boolean fallThrough) {
    return new Match(source, List.of(destination), fallThrough);
  }

  private static EndpointRecord nse(String name, Map<String, String> labels) {
    return EndpointRecord.of(name, "svc", labels, "unix:///" + name);
  }
}
