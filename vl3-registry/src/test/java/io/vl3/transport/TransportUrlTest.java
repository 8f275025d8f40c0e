package io.vl3.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransportUrlTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unix:///run/vl3/nsm.io.sock",
        "tcp://127.0.0.1:5000",
        "tcp://[::1]:5000",
        "tcp://node-a.example:0"
      })
  void goodUrls_printAsTheyWereRead(String text) {
    assertThat(TransportUrl.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nsm.sock",
        "unix:/run/nsm.sock",
        "unix://run/nsm.sock",
        "unix:///",
        "unix:///run/../nsm.sock",
        "unix:///run/\0",
        "tcp://",
        "tcp://host",
        "tcp://host:",
        "tcp://host:65536",
        "tcp://host:05",
        "tcp://host:5000/path",
        "tcp://user@host:5000",
        "tcp://::1:5000",
        "http://host:5000"
      })
  void badUrls_areRefused_andShown(String text) {
    assertThatThrownBy(() -> TransportUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("url: " + text + " (expected: ");
  }

  @Test
  void aPathThatNoSocketCanHave_isRefused() {
    assertThatThrownBy(() -> TransportUrl.parse("unix:///" + "x".repeat(106)))
        .hasMessageContaining("at most 106 bytes");
    assertThat(TransportUrl.parse("unix:///" + "x".repeat(105))).isNotNull();
  }
}
