package io.vl3.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.Connection;
import io.vl3.ipam.PrefixSource;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnNameTest {

  private static final List<NameTemplate> TEMPLATES =
      List.of(NameTemplate.parse("{{ index .Labels \"podName\" }}.{{ target .NetworkService }}."));

  private final NameTable table = new NameTable();
  private final Source source = new Source();

  @Test
  void anEndpoint_hasAName_thatFollowsItsPrefixes_andGoesWithIt() {
    Connection self = Connection.to("net@my.dom").withLabels(Map.of("podName", "nse-1"));
    DnsName name = DnsName.tryParse("nse-1.net.").orElseThrow();
    try (OwnName own = OwnName.in(table, TEMPLATES, self, IpPrefix::first, source)) {
      assertThat(own.names()).containsExactly(name);
      assertThat(table.addresses(name)).isEmpty();
      source.own("10.60.1.0/24", "fd00:0:0:1::/64");
      assertThat(table.addresses(name))
          .containsExactly(IpAddress.parse("10.60.1.0"), IpAddress.parse("fd00:0:0:1::"));
      assertThat(table.names(IpAddress.parse("10.60.1.0"))).containsExactly(name);
      source.own("10.60.2.0/24");
      assertThat(table.addresses(name)).containsExactly(IpAddress.parse("10.60.2.0"));
      source.own();
      assertThat(table.size()).isZero();
      source.own("10.60.3.0/24");
    }
    source.own("10.60.4.0/24");
    assertThat(table.size()).isZero();
    assertThat(table.keys()).isZero();
  }

  @Test
  void withoutTheLabel_thereIsNoName() {
    source.own("10.60.1.0/24");
    try (OwnName own =
        OwnName.in(table, TEMPLATES, Connection.to("net"), IpPrefix::first, source)) {
      assertThat(own.names()).isEmpty();
      assertThat(table.size()).isZero();
    }
  }

  private static final class Source implements PrefixSource {
    private State state = new Missing("no prefix yet");
    private Runnable listener = () -> {};

    void own(String... prefixes) {
      List<IpPrefix> own = List.of(prefixes).stream().map(IpPrefix::parse).toList();
      state = own.isEmpty() ? new Missing("no prefix any more") : new Known(own);
      listener.run();
    }

    @Override
    public State current() {
      return state;
    }

    @Override
    public void onChange(Runnable told) {
      listener = told;
    }
  }
}
