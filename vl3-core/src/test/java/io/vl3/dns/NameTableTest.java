package io.vl3.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.ConnectionId;
import io.vl3.net.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NameTableTest {

  private static final List<String> NAMES = List.of("a.vl3", "b.vl3", "b.x.vl3", "c.x.y.vl3");
  private static final List<String> ADDRESSES =
      List.of("10.0.0.1", "10.0.0.2", "2001:db8::1", "2001:db8::2");

  private final NameTable table = new NameTable();

  private record Named(List<DnsName> names, List<IpAddress> addresses) {}

  @Test
  void anyOrder_isAsANaiveModelSays_andNothingIsLeft() {
    Random random = new Random(11);
    Map<String, Named> model = new LinkedHashMap<>();
    for (int i = 0; i < 5_000; i++) {
      String owner = "c" + random.nextInt(6);
      if (random.nextInt(3) == 0) {
        table.remove(new ConnectionId(owner));
        model.remove(owner);
      } else {
        List<DnsName> names = some(NAMES, random).stream().map(DnsName::parse).toList();
        List<IpAddress> addresses = some(ADDRESSES, random).stream().map(IpAddress::parse).toList();
        table.put(new ConnectionId(owner), names, addresses);
        Named named = new Named(names, addresses);
        if (!named.equals(model.get(owner))) {
          model.remove(owner); // who changes stands behind the others
        }
        if (!names.isEmpty() && !addresses.isEmpty()) {
          model.put(owner, named);
        }
      }
      assertAgrees(model);
    }
    model.keySet().forEach(owner -> table.remove(new ConnectionId(owner)));
    assertThat(table.size()).isZero();
    assertThat(table.keys()).isZero();
  }

  private void assertAgrees(Map<String, Named> model) {
    assertThat(table.size()).isEqualTo(model.size());
    for (DnsName name : NAMES.stream().map(DnsName::parse).toList()) {
      assertThat(table.addresses(name))
          .containsExactlyElementsOf(
              model.values().stream()
                  .filter(named -> named.names.contains(name))
                  .flatMap(named -> named.addresses.stream())
                  .distinct()
                  .toList());
    }
    for (IpAddress address : ADDRESSES.stream().map(IpAddress::parse).toList()) {
      assertThat(table.names(address))
          .containsExactlyElementsOf(
              model.values().stream()
                  .filter(named -> named.addresses.contains(address))
                  .flatMap(named -> named.names.stream())
                  .distinct()
                  .toList());
    }
    for (String domain : List.of("vl3.", "x.vl3.", "y.vl3.", "x.y.vl3.", "a.vl3.")) {
      assertThat(table.hasBelow(DnsName.parse(domain)))
          .as(domain)
          .isEqualTo(
              model.values().stream()
                  .flatMap(named -> named.names.stream())
                  .anyMatch(name -> name.text().endsWith("." + domain)));
    }
  }

  private static List<String> some(List<String> of, Random random) {
    List<String> some = new ArrayList<>(of);
    some.removeIf(each -> random.nextBoolean());
    return some;
  }
}
