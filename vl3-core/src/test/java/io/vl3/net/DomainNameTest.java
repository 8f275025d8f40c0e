package io.vl3.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DomainNameTest {

  @ParameterizedTest
  @CsvSource({
    "vl3, vl3, '', vl3",
    "vl3@b.example, vl3, b.example, vl3@b.example",
    "vl3@b@c, vl3, b@c, vl3@b@c",
    "vl3@, vl3, '', vl3",
    "@b, '', b, @b",
    "'', '', '', ''"
  })
  void splitsAtTheFirstAt(String text, String local, String domain, String again) {
    DomainName name = DomainName.parse(text);
    assertThat(name).isEqualTo(new DomainName(local, domain));
    assertThat(name.remote()).isEqualTo(!domain.isEmpty());
    assertThat(name).hasToString(again);
    assertThat(DomainName.withoutDomain(text)).isEqualTo(local);
  }
}
