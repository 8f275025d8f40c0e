package io.vl3.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.vl3.connection.ConnectionId;
import io.vl3.net.IpAddress;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a name costs must not grow with how many there are. Counted in bytes allocated, which tell
 * of every list that is copied or walked by a stream; the same on any machine.
 */
class NameTableCostTest {

  private static final int FEW = 10;
  private static final int MANY = 20_000;
  private static final int ROUNDS = 200;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void aLookUp_costsAsMuch_howeverManyNamesThereAre() {
    assertThat(costOfLooking(FEW)).as("loads classes").isPositive();
    long withFew = costOfLooking(FEW);
    assertThat(costOfLooking(MANY)).isLessThan(withFew * 5 / 4);
  }

  @Test
  void aChange_costsAsMuch_howeverManyNamesThereAre() {
    assertThat(costOfChanging(FEW)).as("loads classes").isPositive();
    long withFew = costOfChanging(FEW);
    assertThat(costOfChanging(MANY)).isLessThan(withFew * 5 / 4);
  }

  private long costOfLooking(int names) {
    NameTable table = table(names);
    DnsName one = name(names / 2);
    DnsName domain = DnsName.parse("vl3");
    IpAddress address = address(names / 2);
    return bytesOf(
        () -> {
          assertThat(table.addresses(one).isEmpty()).isFalse();
          assertThat(table.names(address).isEmpty()).isFalse();
          assertThat(table.hasBelow(domain)).isTrue();
        });
  }

  private long costOfChanging(int names) {
    NameTable table = table(names);
    return bytesOf(
        () -> {
          put(table, names);
          put(table, names); // as with a refresh
          table.remove(new ConnectionId("c" + names));
        });
  }

  private long bytesOf(Runnable work) {
    work.run();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < ROUNDS; i++) {
      work.run();
    }
    return (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;
  }

  private static NameTable table(int names) {
    NameTable table = new NameTable();
    for (int i = 0; i < names; i++) {
      put(table, i);
    }
    return table;
  }

  private static void put(NameTable table, int i) {
    table.put(new ConnectionId("c" + i), List.of(name(i)), List.of(address(i)));
  }

  private static DnsName name(int i) {
    return DnsName.parse("workload-" + i + ".vl3");
  }

  private static IpAddress address(int i) {
    return IpAddress.parse("10.0.0.0").plus(i);
  }
}
