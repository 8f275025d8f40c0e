package io.vl3.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NameTemplateTest {

  private static final String USUAL = "{{ index .Labels \"podName\" }}.{{ .NetworkService }}.";
  private static final String INTERDOMAIN =
      "{{ index .Labels \"podName\" }}.{{ target .NetworkService }}.{{ domain .NetworkService }}.";

  @Test
  void theTemplatesThatNsmPublishes_makeNames() {
    assertThat(name(USUAL, "vl3", "podName", "nsc-1")).contains("nsc-1.vl3.");
    assertThat(name(USUAL, "vl3.my.dom", "podName", "a")).contains("a.vl3.my.dom.");
    assertThat(name(USUAL.replace("podName", "dnsName"), "vl3", "dnsName", "db"))
        .contains("db.vl3.");
    assertThat(name(INTERDOMAIN, "vl3@my.cluster2", "podName", "a")).contains("a.vl3.my.cluster2.");
    assertThat(name(INTERDOMAIN, "vl3", "podName", "a")).contains("a.vl3.");
  }

  @Test
  void spacesAndQuotes_areAsInGo() {
    assertThat(name("{{index .Labels `app`}}-x.{{.NetworkService}}", "vl3", "app", "A"))
        .contains("a-x.vl3.");
  }

  @Test
  void withoutTheLabel_orWithOneThatMakesNoName_thereIsNone() {
    assertThat(name(USUAL, "vl3", "app", "a")).isEmpty();
    assertThat(name(USUAL, "vl3", "podName", " ")).isEmpty();
    assertThat(name(USUAL, "vl3", "podName", "a b")).isEmpty();
    assertThat(name(USUAL, "vl3", "podName", "x".repeat(64))).isEmpty();
    assertThat(name(USUAL, "vl3", "podName", "x.".repeat(125) + "x")).isEmpty();
  }

  @Test
  void aTemplateKnowsTheDomainOfItsNames() {
    assertThat(domain(USUAL, "vl3.my.dom")).isEqualTo("vl3.my.dom.");
    assertThat(domain(INTERDOMAIN, "vl3")).isEqualTo("vl3.");
    assertThat(domain("{{ index .Labels \"a\" }}-x.{{ index .Labels \"b\" }}-y.net.", "vl3"))
        .isEqualTo("net.");
    assertThat(domain("db.vl3.", "other")).isEqualTo("vl3.");
    assertThat(domain("{{ index .Labels \"a\" }}", "vl3")).isEqualTo(".");
    assertThat(domain("{{ .NetworkService }}.", "vl3")).isEqualTo(".");
  }

  @Test
  void aTemplateKnowsTheNamesOfOtherDomains_ofTheServiceAlone() {
    assertThat(elsewhere(INTERDOMAIN, "a.vl3.my.cluster2")).isTrue();
    assertThat(elsewhere(INTERDOMAIN, "a.b.vl3.dom")).isTrue();
    assertThat(elsewhere(INTERDOMAIN, "a.xvl3.dom")).isFalse();
    assertThat(elsewhere(INTERDOMAIN, "a.vl3x.dom")).isFalse();
    assertThat(elsewhere(INTERDOMAIN, "www.example.com")).isFalse();
    assertThat(elsewhere(USUAL, "a.vl3.my.cluster2")).isFalse();
    String inside = "{{ index .Labels `a` }}-x.{{ domain .NetworkService }}.svc.";
    assertThat(elsewhere(inside, "a-x.my.cluster2.svc")).isTrue();
    assertThat(elsewhere(inside, "a-x.my.cluster2.other")).isFalse();
    assertThat(elsewhere("{{ domain .NetworkService }}.{{ index .Labels `a` }}.net", "a.b.net"))
        .isFalse();
  }

  @Test
  void whatIsNotUnderstood_isNamed() {
    assertRefused("{{ .Id }}.vl3.", "not {{ .Id }}");
    assertRefused("{{ index .Labels podName }}.vl3.", "not {{ index .Labels podName }}");
    assertRefused("{{ upper .NetworkService }}.", "not {{ upper .NetworkService }}");
    assertRefused("a.{{ .NetworkService }", "not a.{{ .NetworkService }");
    assertRefused("ä.vl3.", "not ä.vl3.");
    assertRefused("..", "not nothing but dots");
    assertThatThrownBy(() -> NameTemplate.parse("{{ .Id }}.vl3."))
        .hasMessageStartingWith(
            "template: {{ .Id }}.vl3. (expected: {{ index .Labels \"KEY\" }}, ");
  }

  @Test
  void names_knowTheirDomains() {
    DnsName name = DnsName.parse("A.vl3.My.dom");
    assertThat(name).hasToString("a.vl3.my.dom.");
    assertThat(name.domains()).hasToString("[vl3.my.dom., my.dom., dom.]");
    assertThat(name.isWithin(DnsName.parse("my.dom"))).isTrue();
    assertThat(name.isWithin(DnsName.parse("y.dom"))).isFalse();
    assertThat(name.isWithin(DnsName.ROOT)).isTrue();
    assertThat(DnsName.ROOT.isWithin(name)).isFalse();
    assertThat(DnsName.ROOT.domains()).isEmpty();
    assertThat(DnsName.tryParse("")).isEqualTo(Optional.of(DnsName.ROOT));
    assertThat(DnsName.tryParse("a..b")).isEmpty();
    assertThat(DnsName.allOf(List.of("vl3", "My.dom.", "x\n\u001b[2J", "ä", "a..b")))
        .hasToString("[vl3., my.dom.]");
  }

  private static void assertRefused(String text, String naming) {
    assertThatThrownBy(() -> NameTemplate.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("; " + naming + ")");
  }

  private static Optional<String> name(String template, String service, String key, String value) {
    Connection connection = Connection.to(service).withLabels(Map.of(key, value));
    return NameTemplate.parse(template).name(connection).map(DnsName::text);
  }

  private static boolean elsewhere(String template, String name) {
    return NameTemplate.parse(template).mayMakeElsewhere(DnsName.parse(name), "vl3");
  }

  private static String domain(String template, String service) {
    return NameTemplate.parse(template).domain(service).text();
  }
}
