package io.vl3.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0, 0.0.0.0, 255.255.255.255",
    "128.0.0.0/1, 128.0.0.0, 255.255.255.255",
    "10.60.232.0/24, 10.60.232.0, 10.60.232.255",
    "10.0.0.254/31, 10.0.0.254, 10.0.0.255",
    "10.0.0.255/32, 10.0.0.255, 10.0.0.255",
    "255.255.255.255/32, 255.255.255.255, 255.255.255.255",
    "::/0, ::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "8000::/1, 8000::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:db8::/63, 2001:db8::, 2001:db8:0:1:ffff:ffff:ffff:ffff",
    "2001:db8::/64, 2001:db8::, 2001:db8::ffff:ffff:ffff:ffff",
    "2001:db8::/65, 2001:db8::, 2001:db8::7fff:ffff:ffff:ffff",
    "2001:db8::fffe/127, 2001:db8::fffe, 2001:db8::ffff",
    "2001:db8::1/128, 2001:db8::1, 2001:db8::1",
  })
  void ends_atTheTrickyLengths(String text, String first, String last) {
    IpPrefix prefix = IpPrefix.parse(text);
    assertThat(prefix).hasToString(text);
    assertThat(prefix.first()).isEqualTo(IpAddress.parse(first));
    assertThat(prefix.last()).isEqualTo(IpAddress.parse(last));
    assertThat(prefix.contains(prefix.first())).isTrue();
    assertThat(prefix.contains(prefix.last())).isTrue();
    assertThat(IpPrefix.containing(prefix.last(), prefix.length())).isEqualTo(prefix);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1/24",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/024",
        "10.0.0.0/",
        "10.0.0.0/ 24",
        "10.0.0.0/255.255.255.0",
        "10.0.0/24",
        "10.0.0.00/24",
        "010.0.0.0/24",
        "10.0.0.0.0/24",
        "256.0.0.0/24",
        "2001:db8::1/64",
        "2001:db8::/129",
        "2001:db8/32",
        "2001::db8::/32",
        "1:2:3:4:5:6:7:8:9/128",
        "1:2:3:4:5:6:7::8:9/128",
        "fe80::%eth0/64",
        "12345::/16",
        "::1.2.3/128",
        "１０.0.0.0/24",
        "",
        "/",
        "/24",
      })
  void parse_mistakes_areRefusedShowingTheInput(String text) {
    assertThat(IpPrefix.tryParse(text)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpPrefix.parse(text))
        .withMessageContaining(text)
        .withMessageContaining("expected");
  }

  @Test
  void parseLenient_masksHostBits() {
    assertThat(IpPrefix.parseLenient("172.16.1.0/16")).isEqualTo(IpPrefix.parse("172.16.0.0/16"));
    assertThat(IpPrefix.parseLenient("10.0.0.1")).isEqualTo(IpPrefix.parse("10.0.0.1/32"));
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0, 0, 0, 0.0.0.0/0",
    "0.0.0.0/0, 32, 4294967295, 255.255.255.255/32",
    "10.0.0.0/31, 32, 1, 10.0.0.1/32",
    "::/0, 1, 1, 8000::/1",
    "::/0, 64, 1, 0:0:0:1::/64",
    "2001:db8::/32, 64, 65536, 2001:db8:1::/64",
    "2001:db8::/64, 128, 1, 2001:db8::1/128",
    "::/0, 96, 4294967296, 0:0:0:1::/96",
    "2001:db8::/127, 128, 1, 2001:db8::1/128",
  })
  void subPrefix_acrossTheWordBoundary(String whole, int length, long index, String part) {
    assertThat(IpPrefix.parse(whole).subPrefix(length, index))
        .hasToString(IpPrefix.parse(part).toString());
  }

  @Test
  void subPrefix_outOfRange_isRefused() {
    IpPrefix whole = IpPrefix.parse("10.0.0.0/24");
    assertThatIllegalArgumentException().isThrownBy(() -> whole.subPrefix(26, 4));
    assertThatIllegalArgumentException().isThrownBy(() -> whole.subPrefix(26, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> whole.subPrefix(23, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> whole.subPrefix(33, 0));
  }

  @Test
  void containsAndOverlaps() {
    IpPrefix wide = IpPrefix.parse("10.0.0.0/8");
    IpPrefix narrow = IpPrefix.parse("10.60.0.0/16");
    assertThat(wide.contains(narrow)).isTrue();
    assertThat(narrow.contains(wide)).isFalse();
    assertThat(narrow.overlaps(wide)).isTrue();
    assertThat(narrow.overlaps(IpPrefix.parse("10.61.0.0/16"))).isFalse();
    assertThat(IpPrefix.parse("0.0.0.0/0").overlaps(IpPrefix.parse("::/0"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "2001:0DB8:0000:0000:0000:0000:0000:0001, 2001:db8::1",
    "0:0:0:0:0:0:0:0, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "1:0:0:0:0:0:0:0, 1::",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "::ffff:192.0.2.1, ::ffff:192.0.2.1",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
  })
  void address_isPrintedAsRfc5952Says(String text, String canonical) {
    assertThat(IpAddress.parse(text)).hasToString(canonical);
  }

  @Test
  void address_roundTripsThroughTextAndBytes_likeTheJdk() throws UnknownHostException {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[i % 2 == 0 ? 4 : 16];
      random.nextBytes(bytes);
      for (int zero = random.nextInt(bytes.length); zero > 0; zero--) {
        bytes[random.nextInt(bytes.length)] = 0;
      }
      IpAddress address = IpAddress.ofBytes(bytes);
      assertThat(address.toBytes()).isEqualTo(bytes);
      assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
      assertThat(InetAddress.getByName(address.toString()).getAddress()).isEqualTo(bytes);
    }
  }

  @Test
  void plus_leavingTheFamily_throws() {
    assertThat(IpAddress.parse("::ffff:ffff:ffff:ffff").plus(1)).hasToString("0:0:0:1::");
    for (String last : List.of("255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")) {
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(() -> IpAddress.parse(last).plus(1)))
          .isInstanceOf(ArithmeticException.class);
    }
  }

  @Test
  void order_isUnsigned_ipv4First() {
    assertThat(
            List.of("8000::", "::", "200.0.0.1", "10.0.0.2", "7fff::", "10.0.0.1").stream()
                .map(IpAddress::parse)
                .sorted()
                .map(IpAddress::toString))
        .containsExactly("10.0.0.1", "10.0.0.2", "200.0.0.1", "::", "7fff::", "8000::");
  }

  @Test
  void interfaceAddress_keepsHostBits_andKnowsItsNetwork() {
    InterfaceAddress address = InterfaceAddress.parse("10.60.232.1/30");
    assertThat(address).hasToString("10.60.232.1/30");
    assertThat(address.network()).isEqualTo(IpPrefix.parse("10.60.232.0/30"));
    assertThat(InterfaceAddress.parse("::1")).hasToString("::1/128");
    assertThatIllegalArgumentException().isThrownBy(() -> InterfaceAddress.parse("::1/129"));
  }
}
