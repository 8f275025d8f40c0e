package io.vl3.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.net.IpPrefix;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DerivedPrefixTest {

  @ParameterizedTest
  @CsvSource({
    "192.168.0.0/16, 5, 192.168.5.0/24", // the original's configuration, prefixLength 22 ignored
    "10.60.0.0/16, 232, 10.60.232.0/24",
    "10.60.0.0/16, 0, 10.60.0.0/24",
    "10.60.0.0/16, 255, 10.60.255.0/24",
    "10.0.0.0/8, 7, 10.0.7.0/24",
  })
  void byOctet_pool_firstTwoOctetsThenTheNumber(String pool, int octet, String prefix) {
    assertThat(DerivedPrefix.byOctet(IpPrefix.parse(pool), octet))
        .isEqualTo(IpPrefix.parse(prefix));
  }

  @Test
  void byOctet_outsidePool_isRefusedWithTheResult() {
    assertThatThrownBy(() -> DerivedPrefix.byOctet(IpPrefix.parse("10.60.0.0/20"), 200))
        .hasMessageContaining("200")
        .hasMessageContaining("10.60.0.0/20")
        .hasMessageContaining("10.60.200.0/24");
  }

  @Test
  void byOctet_ipv6Pool_isRefused() {
    assertThatThrownBy(() -> DerivedPrefix.byOctet(IpPrefix.parse("2001:db8::/48"), 1))
        .hasMessageContaining("2001:db8::/48");
  }

  @Test
  void octet_podAddress_itsThirdOctet() {
    assertThat(DerivedPrefix.octet(Optional.empty(), Optional.of("192.150.232.9"))).isEqualTo(232);
  }

  @Test
  void octet_setting_goesBeforePodAddress() {
    assertThat(DerivedPrefix.octet(Optional.of("5"), Optional.of("fd00::1"))).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fd00::1", "pod", ""})
  void octet_podAddressWithoutThirdOctet_namesTheSettingsThatHelp(String address) {
    assertThatThrownBy(() -> DerivedPrefix.octet(Optional.empty(), Optional.of(address)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NSE_POD_IP: " + address)
        .hasMessageContaining("NSE_IPAM_UNIQUE_OCTET")
        .hasMessageContaining("ipam.prefixes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"256", "-1", "05", "x", "", "99999999999"})
  void octet_badSetting_isRefused(String octet) {
    assertThatThrownBy(() -> DerivedPrefix.octet(Optional.of(octet), Optional.empty()))
        .hasMessage("NSE_IPAM_UNIQUE_OCTET: %s (expected: a number 0..255)", octet);
  }

  @ParameterizedTest
  @CsvSource({
    "10.60.0.0/16, 24, 3, 10.60.3.0/24",
    "10.60.0.0/16, 22, 3, 10.60.12.0/22",
    "2001:db8::/48, 64, 258, 2001:db8:0:102::/64",
    "2001:db8::/112, 128, 7, 2001:db8::7/128",
  })
  void nth_anyLength(String pool, int length, long n, String prefix) {
    assertThat(DerivedPrefix.nth(IpPrefix.parse(pool), length, n))
        .isEqualTo(IpPrefix.parse(prefix));
  }
}
