package io.vl3.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vl3.cli.http.Streams;
import io.vl3.cli.process.Wait;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's server without a network: what it serves and whom it refuses. */
class PageServerTest {

  @TempDir private Path run;
  private Page page;

  @BeforeEach
  void open() throws Exception {
    page = Page.open(run, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterEach
  void close() {
    page.close();
  }

  @Test
  void thePage_isServed_withNothingFromElsewhere() throws Exception {
    HttpResponse<String> html = get("");
    assertThat(html.statusCode()).isEqualTo(200);
    assertThat(html.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
    assertThat(html.headers().firstValue("content-security-policy").orElse(""))
        .startsWith("default-src 'self'");
    for (String file : List.of("", "page.css", "page.js")) {
      assertThat(get(file).body().replace("http://www.w3.org/2000/svg", ""))
          .doesNotContain("http://", "https://", "@import");
    }
  }

  @Test
  void whatIsNotThere_isNotFound() throws Exception {
    assertThat(get("secret").statusCode()).isEqualTo(404);
    assertThat(get("../vl3/cli/version.properties").statusCode()).isEqualTo(404);
    assertThat(get("package-info.class").statusCode()).isEqualTo(404);
    assertThat(get("api/path?from=a&to=b").statusCode()).isEqualTo(404);
    assertThat(get("api/path?from=a&to=b").body()).startsWith("workload: a (expected: one of []");
  }

  @Test
  void onlyGet_onlyByAddressOrLocalhost_onlySmallRequests() throws Exception {
    assertThat(raw("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"))
        .startsWith("HTTP/1.1 405");
    assertThat(raw("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")).startsWith("HTTP/1.1 421");
    assertThat(raw("GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 421");
    assertThat(raw("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n")).startsWith("HTTP/1.1 200");
    assertThat(raw("GET /" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
    assertThat(raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(9_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
  }

  @Test
  void aStream_beginsWithTheState() throws Exception {
    try (Socket socket = connect();
        BufferedReader lines = reader(socket)) {
      send(socket, "GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
      String line = lines.readLine();
      assertThat(line).isEqualTo("HTTP/1.1 200 OK");
      while (!line.equals("event: state")) {
        line = lines.readLine();
      }
      JsonNode state = new ObjectMapper().readTree(lines.readLine().substring("data: ".length()));
      assertThat(state.get("version").asInt()).isEqualTo(1);
      assertThat(state.get("nodes")).isEmpty();
      assertThat(state.get("pools")).isEmpty();
    }
  }

  @Test
  void tooManyClients_areEnded_andPlaceIsFreeAgainWhenOneLeaves() throws Exception {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < Streams.MOST; i++) {
        open.add(connect());
      }
      assertThat(raw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")).isEmpty();
      open.remove(0).close();
      Wait.until(
          () -> "a free place",
          () -> raw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").startsWith("HTTP/1.1 200"));
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void aConnection_asksOnce() throws Exception {
    String request = "GET /page.css HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assertThat(raw(request + request).split("HTTP/1.1 200", -1)).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void aTakenPort_isNamed() {
    InetSocketAddress taken =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), URI.create(page.url()).getPort());
    assertThatThrownBy(() -> Page.open(run, taken))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("page: ")
        .hasMessageContaining(String.valueOf(taken.getPort()));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(page.url() + path)).build(), BodyHandlers.ofString());
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), URI.create(page.url()).getPort());
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  /** The whole answer; empty if the connection is ended without one. */
  private String raw(String request) throws IOException {
    try (Socket socket = connect()) {
      send(socket, request);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (java.net.SocketException reset) {
      return "";
    }
  }
}
