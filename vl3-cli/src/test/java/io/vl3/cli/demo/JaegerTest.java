package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vl3.cli.demo.Children.Child;
import io.vl3.cli.process.Wait;
import io.vl3.linux.testing.RequiresNetns;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The trace of a workload's request in a real Jaeger, whose program {@code -Dvl3.jaeger} names;
 * docs/tracing.md tells where it comes from. Its ports must be free: 4317, 16686.
 */
@RequiresNetns
@EnabledIfSystemProperty(named = "vl3.jaeger", matches = ".+")
class JaegerTest {

  private static final int OTLP = 4317;
  private static final String QUERY = "http://127.0.0.1:16686/api/traces";

  @TempDir private Path dir;
  private final HttpClient http = HttpClient.newHttpClient();
  private Process jaeger;

  @BeforeEach
  void start() throws Exception {
    jaeger =
        new ProcessBuilder(System.getProperty("vl3.jaeger"))
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("jaeger.log").toFile())
            .start();
    Wait.until(() -> "Jaeger answers", () -> !get(QUERY + "?service=jaeger").isEmpty());
  }

  @AfterEach
  void stop() throws Exception {
    jaeger.destroyForcibly().waitFor();
  }

  @Test
  void aWorkloadsRequestAcrossTwoDomains_isOneTraceThere() throws Exception {
    try (TracedNetwork network = TracedNetwork.start(dir.resolve("demo"), OTLP)) {
      Child client = network.client(0, network.serviceIn(1));
      Wait.until(client::lastWords, () -> client.said(", served by " + network.nse(1)));
      Wait.until(() -> "a complete trace", () -> !find().isEmpty());
      String id = find();
      JsonNode trace = json(QUERY + "/" + id).get("data").get(0);
      System.out.println("Jaeger, /api/traces/" + id);
      lines(trace).forEach(System.out::println);
      assertThat(trace.get("spans")).hasSize(9);
      assertThat(ids(trace)).containsAll(parents(trace));
      assertThat(trace.get("processes")).hasSize(3);
    }
  }

  /** The trace of a request that was served, once all of it has arrived; else empty. */
  private String find() throws Exception {
    for (JsonNode trace : json(QUERY + "?service=vl3-client&limit=100").path("data")) {
      boolean whole = trace.get("spans").size() == 9;
      if (whole && lines(trace).stream().noneMatch(line -> line.contains("error"))) {
        return trace.get("traceID").asText();
      }
    }
    return "";
  }

  private static Set<String> ids(JsonNode trace) {
    Set<String> ids = new HashSet<>();
    trace.get("spans").forEach(span -> ids.add(span.get("spanID").asText()));
    return ids;
  }

  private static Set<String> parents(JsonNode trace) {
    Set<String> parents = new HashSet<>();
    trace.get("spans").forEach(span -> parents.add(parent(span, trace)));
    parents.remove("");
    return parents;
  }

  /** Of this trace; links to others are references too. */
  private static String parent(JsonNode span, JsonNode trace) {
    for (JsonNode reference : span.get("references")) {
      if (reference.get("refType").asText().equals("CHILD_OF")
          && reference.get("traceID").equals(trace.get("traceID"))) {
        return reference.get("spanID").asText();
      }
    }
    return "";
  }

  /** As a tree, each span with its process, kind and time. */
  private static List<String> lines(JsonNode trace) {
    List<String> lines = new ArrayList<>();
    add("", 0, trace, lines);
    return lines;
  }

  private static void add(String parent, int depth, JsonNode trace, List<String> lines) {
    TreeMap<Long, JsonNode> children = new TreeMap<>();
    for (JsonNode span : trace.get("spans")) {
      if (parent(span, trace).equals(parent)) {
        children.put(span.get("startTime").asLong(), span);
      }
    }
    for (JsonNode span : children.values()) {
      JsonNode process = trace.get("processes").get(span.get("processID").asText());
      lines.add(
          "%s%s: %s %s, %.1f ms%s"
              .formatted(
                  "  ".repeat(depth),
                  process.get("serviceName").asText(),
                  tag(span, "span.kind"),
                  span.get("operationName").asText(),
                  span.get("duration").asLong() / 1000.0,
                  tag(span, "error").isEmpty()
                      ? ""
                      : ", error: " + tag(span, "otel.status_description")));
      add(span.get("spanID").asText(), depth + 1, trace, lines);
    }
  }

  private static String tag(JsonNode span, String key) {
    for (JsonNode tag : span.get("tags")) {
      if (tag.get("key").asText().equals(key)) {
        return tag.get("value").asText();
      }
    }
    return "";
  }

  private JsonNode json(String url) throws Exception {
    return new ObjectMapper().readTree(get(url));
  }

  private String get(String url) throws InterruptedException {
    try {
      return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
          .body();
    } catch (IOException notYet) {
      return "";
    }
  }
}
