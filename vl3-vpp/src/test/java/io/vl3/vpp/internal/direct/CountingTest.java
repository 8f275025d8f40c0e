package io.vl3.vpp.internal.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.links.InstalledLinks.Counters;
import org.junit.jupiter.api.Test;

class CountingTest {

  /** As VPP 23.06 prints it. */
  private static final String SHOWN =
      """
                    Name               Idx    State  MTU (L3/IP4/IP6/MPLS)     Counter          Count
      host-vl3v-l407of36                3      up          9000/0/0/0     rx packets                    81
                                                                          rx bytes                    5196
                                                                          tx packets                    46
                                                                          tx bytes                    2002
                                                                          drops                         44
                                                                          ip4                           37
      local0                            0     down          0/0/0/0
      memif1/0                          2      up          9000/0/0/0     rx packets                    41
                                                                          tx-error                       2
      """;

  @Test
  void parse_readsEachInterfacesOwnCounters() {
    assertThat(Counting.parse(SHOWN))
        .containsEntry("host-vl3v-l407of36", new Counters(81, 5196, 44, 46, 2002, 0))
        .containsEntry("local0", Counters.NONE)
        .containsEntry("memif1/0", new Counters(41, 0, 0, 0, 0, 2))
        .hasSize(3);
  }

  @Test
  void parse_ofSomethingElse_isEmpty() {
    assertThat(Counting.parse("show: unknown input\n")).isEmpty();
  }
}
