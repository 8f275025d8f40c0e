package io.vl3.nsm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.NetworkServiceRecord.Match;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  @Test
  void aMatchWithoutDestinations_isForNobody_orWithMetadataForEverybody() {
    assertThat(fitting(List.of(new Match(Map.of(), List.of(), false)), Map.of())).isEmpty();
    Match all = new Match(Map.of(), List.of(), false, Optional.of(Map.of()));
    assertThat(fitting(List.of(all), Map.of())).containsExactly("red", "blue");
    Match on = new Match(Map.of(), List.of(), true, Optional.of(Map.of()));
    assertThat(fitting(List.of(on), Map.of())).isEmpty();
  }

  @Test
  void anEndpointThatFitsTwoDestinations_isThereTwice() {
    Match twice =
        new Match(Map.of(), List.of(Map.of("color", "red"), Map.<String, String>of()), false);
    assertThat(fitting(List.of(twice), Map.of())).containsExactly("red", "red", "blue");
  }

  @Test
  void templatesInTheSource_areFilled_andAnEmptyValueIsMetByAMissingLabel() {
    Match same = match(Map.of("a", "{{.b}}"), Map.of(), false);
    assertThat(fitting(List.of(same), Map.of("a", "x", "b", "x"))).hasSize(2);
    assertThat(fitting(List.of(same), Map.of("a", "x", "b", "y"))).isEmpty();
    Match empty = match(Map.of("a", ""), Map.of(), false);
    assertThat(fitting(List.of(empty), Map.of("b", "x"))).hasSize(2);
    assertThat(fitting(List.of(empty), Map.of())).isEmpty();
  }

  @Test
  void whatIsNoFieldOfATemplate_isTakenAsItIsWritten() {
    assertThat(LabelTemplate.fill("{{.a-b}}", Map.of("a-b", "x"))).isEqualTo("{{.a-b}}");
    assertThat(LabelTemplate.fill("{{.a}}-{{", Map.of("a", "x"))).isEqualTo("{{.a}}-{{");
    assertThat(LabelTemplate.fill("{{.a}}.{{ .b }}}", Map.of("a", "x"))).isEqualTo("x.<no value>}");
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
