package io.vl3.cli.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.config.AdminConfig;
import io.vl3.transport.TransportUrl;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdminReaderTest {

  private static final String TLS =
      """
      nsm:
        tls: {certificate: /a.pem, key: /k.pem, trust: /t.pem}
      """;

  private static AdminConfig read(String more) {
    return Configs.read(Configs.MINIMAL + more).admin();
  }

  private static List<String> mistakes(String more) {
    return Configs.mistakes(Configs.MINIMAL + more).stream()
        .map(line -> line.replaceFirst("^vl3.yaml:\\d+:\\d+: ", ""))
        .toList();
  }

  @Test
  void nothing_isNowhere() {
    assertThat(read("").listenOn()).isEmpty();
  }

  @Test
  void withTls_theOnesThatAreNamed() {
    AdminConfig config =
        read(TLS + "admin: {listenOn: 'tcp://:8044', allow: [spiffe://a.org, spiffe://b.org/ops]}");
    assertThat(config.listenOn()).contains(new TransportUrl.Tcp("0.0.0.0", 8044));
    assertThat(config.allow()).containsExactly("spiffe://a.org", "spiffe://b.org/ops");
  }

  @Test
  void withoutTls_theLoopback() {
    assertThat(read("admin: {listenOn: 'tcp://127.0.0.1:8044'}").listenOn())
        .contains(new TransportUrl.Tcp("127.0.0.1", 8044));
    assertThat(read("admin: {listenOn: 'tcp://[::1]:8044'}").listenOn()).isPresent();
  }

  @Test
  void nobodyIsLetInByAccident() {
    assertThat(mistakes(TLS + "admin: {listenOn: 'tcp://:8044'}"))
        .containsExactly(
            "admin.allow: missing (expected: SPIFFE IDs or trust domains that may ask)");
    assertThat(mistakes("admin: {listenOn: 'tcp://:8044'}"))
        .containsExactly(
            "admin.listenOn: tcp://0.0.0.0:8044 (expected: nsm.tls, or the loopback without"
                + " admin.allow)");
    assertThat(mistakes("admin: {listenOn: 'tcp://127.0.0.1:8044', allow: [spiffe://a.org]}"))
        .hasSize(1);
    assertThat(mistakes(TLS + "admin: {allow: [spiffe://a.org]}")).hasSize(1);
    assertThat(mistakes(TLS + "admin: {listenOn: 'tcp://:1', allow: [a.org]}"))
        .containsExactly(
            "admin.allow[0]: a.org (expected: spiffe://DOMAIN or spiffe://DOMAIN/PATH)");
  }
}
