package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.pairs.Pair;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HelloTest {

  private HelloServer server;
  private HelloClient client;

  @BeforeEach
  void open() throws IOException {
    server = HelloServer.open("w1", 0, Runnable::run);
    client = new HelloClient(server.port(), Duration.ofSeconds(60));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void fetch_ofTheRightWorkload_isOk() {
    Pair pair = client.fetch("w2", "w1", "127.0.0.1");
    assertThat(pair.ok()).as(pair.error()).isTrue();
    assertThat(pair.rttMillis()).isPositive();
  }

  @Test
  void fetch_ofAnotherWorkloadsPage_isNotOk() {
    Pair pair = client.fetch("w2", "w3", "127.0.0.1");
    assertThat(pair.ok()).isFalse();
    assertThat(pair.error()).isEqualTo("page: 'hello from w1' (expected: of w3)");
  }

  @Test
  void fetch_whenNobodyListens_saysWhy() {
    server.close();
    assertThat(client.fetch("w2", "w1", "127.0.0.1").error()).contains("refused");
  }
}
