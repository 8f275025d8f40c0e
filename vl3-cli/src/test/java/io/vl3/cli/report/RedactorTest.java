package io.vl3.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

  private static final String SECRET = "hunter-2";

  private final Redactor redactor = new Redactor();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password: hunter-2",
        "password=hunter-2 and more",
        "DB_PASSWORD = 'hunter-2'",
        "accessToken: \"with \\\" a quote hunter-2\", next: 1",
        "{\"level\":\"INFO\",\"clientSecret\":\"hunter-2\"}",
        "text: {\\\"token\\\":\\\"hunter-2\\\"}",
        "secret:\n  hunter-2",
        "password: two words hunter-2",
        "tcp://user:hunter-2@host:5001/path",
        "tcp://user:a@hunter-2@host",
        "http://:hunter-2@[fd00::1]:80",
        "GET /?api_key=hunter-2&x=1",
        "Authorization: Basic hunter-2",
        "curl -H 'authorization: Bearer hunter-2'",
        "passphrase := hunter-2",
        "vl3 run --token hunter-2 --name a",
        "vl3\0run\0--db-password\0hunter-2\0",
        "X-Auth-Token => hunter-2"
      })
  void whatStandsBehindTheNameOfASecret_isRemoved(String text) {
    assertThat(redactor.redact(text)).doesNotContain(SECRET).contains(Redactor.REMOVED);
  }

  @Test
  void tokensAndKeys_areKnownByTheirForm_alsoCutOff() {
    String body = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg";
    for (String kind : List.of("PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY")) {
      String key = "-----BEGIN %1$s-----\n%2$s\n%2$s\n-----END %1$s-----".formatted(kind, body);
      assertThat(redactor.redact("a\n" + key + "\nb")).isEqualTo("a\n[removed]\nb");
      assertThat(redactor.redact("x " + key.replace("\n", "\\n") + " y"))
          .isEqualTo("x [removed] y");
      assertThat(redactor.redact(key.substring(0, 50))).isEqualTo("[removed]");
    }
    String jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJzcGlmZmU6Ly9hIn0.c2lnbmF0dXJl-_x";
    assertThat(redactor.redact("got " + jwt + ", ok")).isEqualTo("got [removed], ok");
    assertThat(redactor.redact("got " + jwt.substring(0, 30))).isEqualTo("got [removed]");
    assertThat(redactor.redact(body)).isEqualTo("[removed]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tokenLifetime: 30s",
        "keyFile: /run/secrets.d/tls.key.pem",
        "10.60.1.0/24 via 10.60.1.2 dev vl3-547pl2kuem9",
        "nse-1@172.31.0.2:5001 unix:///run/vl3/nse/nse-1.sock tcp://172.31.0.1:5001",
        "a9c1c5a4-7d1c-4f2e-9d52-0d9d0cf0a7d1",
        "inode://4/4026531840 fe80::5054:ff:fe12:3456",
        "    at io.vl3.nsm.manager.EmbeddedManager$Builder.start(EmbeddedManager.java:123)",
        "/var/lib/Kubelet1/pods/a9c1c5a4/volumes/kubernetes.io~projected/Abc/def/x",
        "/var/lib/Kubelet1/pods/a9c1c5a4/volumes/projected/Abc/def/x"
      })
  void whatIsNone_stays(String text) {
    assertThat(redactor.redact(text)).isEqualTo(text);
  }

  @Test
  void inATree_everythingBelowTheName_andTheSameValueElsewhere() throws Exception {
    var tree =
        new ObjectMapper()
            .readTree(
                """
                {"nseControl": {"accessToken": ["hunter-2", {"a": "line one\\nline two, long"}]},
                 "name": "nse-1", "lines": ["password=hunter-3", "plain"], "port": 9100,
                 "tokenLifetime": "30s"}
                """);
    assertThat(redactor.redact(tree).toString())
        .isEqualTo(
            "{\"nseControl\":{\"accessToken\":\"[removed]\"},\"name\":\"nse-1\","
                + "\"lines\":[\"password=[removed]\",\"plain\"],\"port\":9100,\"tokenLifetime\":\"30s\"}");
    assertThat(redactor.redact("hunter-2 said line two, long"))
        .isEqualTo("[removed] said [removed]");
  }

  @Test
  void aKnownValue_isTakenOut_alsoAsItStandsInJson() {
    redactor.learn("hun\"ter-2");
    assertThat(redactor.withoutKnown("{\"x\":\"hun\\\"ter-2\"} hun\"ter-2"))
        .isEqualTo("{\"x\":\"[removed]\"} [removed]");
  }

  /** As many characters as a part may have, of the worst kind. */
  @Test
  void largeTexts_takeNoTime() {
    String text =
        ("password" + "\\".repeat(50) + "\"" + "a".repeat(1000) + "eyJ eyJ. tok --pass ")
            .repeat(400);
    long begin = System.nanoTime();
    redactor.redact(text);
    redactor.redact("token".repeat(200_000));
    redactor.redact("a".repeat(2_000_000));
    assertThat(System.nanoTime() - begin).isLessThan(60_000_000_000L);
  }
}
