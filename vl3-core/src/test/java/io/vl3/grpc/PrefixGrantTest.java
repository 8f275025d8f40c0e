package io.vl3.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.api.ipam.PrefixResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrefixGrantTest {

  @Test
  void aPlainGrant_isOurs() {
    assertThat(ours("172.16.3.0/24")).isEqualTo("[172.16.3.0/24]");
    assertThat(ours("2001:db8:0:1::/64")).isEqualTo("[2001:db8:0:1::/64]");
  }

  @Test
  void beforeAStartThatIsNotAligned_nothingIsOurs() {
    assertThat(ours("172.16.0.4/24"))
        .isEqualTo(
            "[172.16.0.4/30, 172.16.0.8/29, 172.16.0.16/28, 172.16.0.32/27, 172.16.0.64/26,"
                + " 172.16.0.128/25]");
    assertThat(ours("172.16.0.128/24")).isEqualTo("[172.16.0.128/25]");
    assertThat(ours("172.16.0.255/24")).isEqualTo("[172.16.0.255/32]");
  }

  @Test
  void exclusions_areTakenOut() {
    assertThat(ours("172.16.0.0/24", "172.16.0.0/25", "10.0.0.0/8")).isEqualTo("[172.16.0.128/25]");
    assertThat(ours("172.16.0.0/24", "172.16.0.7/25")).isEqualTo("[172.16.0.128/25]");
  }

  @Test
  void nothingLeft_isRefused() {
    assertThatThrownBy(() -> ours("172.16.0.0/24", "172.16.0.0/16"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "prefix: 172.16.0.0/24 (expected: something beside the excluded [172.16.0.0/16])");
    assertThatThrownBy(() -> ours("nonsense")).isInstanceOf(IllegalArgumentException.class);
  }

  private static String ours(String prefix, String... excluded) {
    return PrefixGrant.of(
            PrefixResponse.newBuilder()
                .setPrefix(prefix)
                .addAllExcludePrefixes(List.of(excluded))
                .build())
        .prefixes()
        .toString();
  }
}
