package io.vl3.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** A headless Chromium, driven by the W3C's WebDriver protocol. */
public final class Browser implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Process driver;
  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;
  private final String session;

  private Browser(Process driver, int port, ObjectNode wanted) throws Exception {
    this.driver = driver;
    this.base = "http://127.0.0.1:" + port;
    this.session = post("/session", wanted).get("sessionId").asText();
  }

  /**
   * Starts one.
   *
   * @param log where the driver's output goes
   * @param dark whether the system prefers dark colours
   */
  public static Browser open(Path log, boolean dark) throws Exception {
    Process driver =
        new ProcessBuilder("chromedriver", "--port=0", "--allowed-ips=127.0.0.1")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int port = awaitPort(driver, log);
    ObjectNode wanted = JsonNodeFactory.instance.objectNode();
    ObjectNode options =
        wanted.putObject("capabilities").putObject("alwaysMatch").putObject("goog:chromeOptions");
    var arguments = options.putArray("args");
    arguments.add("--headless=new").add("--no-sandbox").add("--disable-gpu");
    arguments.add("--disable-dev-shm-usage").add("--window-size=1280,1000");
    arguments.add("--user-data-dir=" + log.resolveSibling("profile-" + dark));
    if (dark) {
      arguments.add("--force-dark-mode").add("--blink-settings=preferredColorScheme=0");
    }
    return new Browser(driver, port, wanted);
  }

  private static int awaitPort(Process driver, Path log) throws Exception {
    String text = "was started successfully on port ";
    io.vl3.cli.process.Wait.until(
        () -> "chromedriver listens", () -> Files.readString(log).contains(text));
    assertThat(driver.isAlive()).isTrue();
    String rest = Files.readString(log).split(text, 2)[1];
    return Integer.parseInt(rest.split("[^0-9]", 2)[0]);
  }

  /** Goes to a page. */
  public void go(String url) throws Exception {
    post("/session/" + session + "/url", JsonNodeFactory.instance.objectNode().put("url", url));
  }

  /** What a function's body answers in the page. */
  public JsonNode run(String script) throws Exception {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("script", script);
    body.putArray("args");
    return post("/session/" + session + "/execute/sync", body);
  }

  /** Presses a key on what has the focus; by its character, or WebDriver's number of it. */
  public void press(String key) throws Exception {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode keys = body.putArray("actions").addObject();
    keys.put("type", "key").put("id", "keyboard");
    var steps = keys.putArray("actions");
    steps.addObject().put("type", "keyDown").put("value", key);
    steps.addObject().put("type", "keyUp").put("value", key);
    post("/session/" + session + "/actions", body);
  }

  /** A picture of the page as it is. */
  public void screenshot(Path file) throws Exception {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(
        file, Base64.getDecoder().decode(get("/session/" + session + "/screenshot").asText()));
  }

  private JsonNode get(String path) throws Exception {
    return answer(HttpRequest.newBuilder(URI.create(base + path)).build());
  }

  private JsonNode post(String path, JsonNode body) throws Exception {
    return answer(
        HttpRequest.newBuilder(URI.create(base + path))
            .POST(BodyPublishers.ofString(body.toString()))
            .build());
  }

  private JsonNode answer(HttpRequest request) throws IOException, InterruptedException {
    JsonNode value =
        MAPPER.readTree(http.send(request, BodyHandlers.ofString()).body()).get("value");
    assertThat(value.path("error").asText()).as(value.toString()).isEmpty();
    return value;
  }

  /** Ends the session, with the browser, and the driver. */
  @Override
  public void close() throws IOException {
    try {
      answer(HttpRequest.newBuilder(URI.create(base + "/session/" + session)).DELETE().build());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      driver.destroy();
      driver.onExit().join();
    }
  }
}
