package io.vl3.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The dashboard and the alerts ask for what there is, by the labels that it has. */
class WatchFilesTest {

  private static final Path FILES = Path.of("../examples/kubernetes/vl3/files");
  private static final Pattern METRIC = Pattern.compile("vl3_[a-z_]+");
  private static final Pattern SELECTOR = Pattern.compile("(vl3_[a-z_]+)\\{([^}]*)\\}");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)\\s*(?:=~|!~|!=|=)");

  @Test
  void theDashboard_asksForWhatThereIs_andForAllOfIt() throws Exception {
    JsonNode dashboard = new ObjectMapper().readTree(FILES.resolve("dashboard.json").toFile());
    List<String> queries = texts(dashboard, "expr");
    queries.forEach(WatchFilesTest::check);
    assertThat(metrics(queries)).containsExactlyInAnyOrderElementsOf(names());
  }

  @Test
  void thePanelsOfTheDashboard_haveIdsOfTheirOwn_andDoNotOverlap() throws Exception {
    JsonNode dashboard = new ObjectMapper().readTree(FILES.resolve("dashboard.json").toFile());
    Set<Integer> ids = new HashSet<>();
    Set<String> cells = new HashSet<>();
    for (JsonNode panel : dashboard.get("panels")) {
      assertThat(ids.add(panel.get("id").asInt())).as(panel.get("title").asText()).isTrue();
      JsonNode at = panel.get("gridPos");
      for (int x = at.get("x").asInt(); x < at.get("x").asInt() + at.get("w").asInt(); x++) {
        for (int y = at.get("y").asInt(); y < at.get("y").asInt() + at.get("h").asInt(); y++) {
          assertThat(x).isBetween(0, 23);
          assertThat(cells.add(x + " " + y)).as(panel.get("title").asText()).isTrue();
        }
      }
    }
  }

  @Test
  void theAlerts_askForWhatThereIs_andEachSaysWhatToDo() throws Exception {
    JsonNode rules =
        new ObjectMapper(new YAMLFactory()).readTree(FILES.resolve("rules.yml").toFile());
    List<String> queries = texts(rules, "expr");
    queries.forEach(WatchFilesTest::check);
    assertThat(names()).containsAll(metrics(queries));
    for (JsonNode rule : rules.get("groups").get(0).get("rules")) {
      assertThat(rule.get("alert").asText()).startsWith("Vl3");
      assertThat(rule.get("labels").get("severity").asText()).isIn("warning", "critical");
      assertThat(rule.get("annotations").get("description").asText()).endsWith(".");
    }
  }

  /** Labels in selectors are ones of the metric, or what Prometheus adds. */
  private static void check(String query) {
    Matcher selector = SELECTOR.matcher(query);
    while (selector.find()) {
      Family family = family(selector.group(1));
      Matcher label = LABEL.matcher(selector.group(2));
      while (label.find()) {
        assertThat(family.labels().contains(label.group(1)) || label.group(1).equals("job"))
            .as("label %s in %s", label.group(1), query)
            .isTrue();
      }
    }
  }

  private static Set<String> metrics(List<String> queries) {
    Set<String> all = new TreeSet<>();
    for (String query : queries) {
      Matcher metric = METRIC.matcher(query);
      while (metric.find()) {
        all.add(family(metric.group()).name());
      }
    }
    return all;
  }

  private static Family family(String sample) {
    String base = sample.replaceFirst("_bucket$", "");
    return Family.all().stream()
        .filter(each -> each.name().equals(base))
        .findFirst()
        .orElseThrow(() -> new AssertionError(sample + " (expected: in docs/metrics.md)"));
  }

  private static List<String> names() {
    return Family.all().stream().map(Family::name).toList();
  }

  private static List<String> texts(JsonNode tree, String field) {
    List<String> all = new ArrayList<>();
    tree.findValues(field).forEach(value -> all.add(value.asText()));
    assertThat(all).isNotEmpty();
    return all;
  }
}
