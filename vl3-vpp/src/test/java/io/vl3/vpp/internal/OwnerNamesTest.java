package io.vl3.vpp.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.dataplane.LinkKey;
import org.junit.jupiter.api.Test;

class OwnerNamesTest {

  private static final LinkKey KEY = new LinkKey("a");
  private static final LinkKey OTHER = new LinkKey("b");

  private final OwnerNames names = new OwnerNames("nse-a");

  @Test
  void shortName_staysWhole_upToTheAgentsLimit() {
    String begin = "vl3." + names.tag() + "." + names.id(KEY) + ".";
    String longest = "x".repeat(OwnerNames.LONGEST - begin.length());
    assertThat(names.interfaceName(KEY, "web-1")).isEqualTo(begin + "web-1");
    assertThat(names.interfaceName(KEY, longest)).isEqualTo(begin + longest);
  }

  @Test
  void longName_keepsBeginAndEnd_andIsAsLongAsTheAgentTakes() {
    String title = "begin" + "-".repeat(100) + "end";
    String name = names.interfaceName(KEY, title);
    assertThat(name).hasSize(OwnerNames.LONGEST).contains(".begin-", "~").endsWith("-end");
    assertThat(names.interfaceName(KEY, title + "1"))
        .hasSize(OwnerNames.LONGEST)
        .endsWith("-end1")
        .isNotEqualTo(name);
  }

  @Test
  void namesakes_areToldApartByLinkAndOwner() {
    String title = "w".repeat(200);
    String name = names.interfaceName(KEY, title);
    assertThat(names.interfaceName(OTHER, title)).isNotEqualTo(name);
    assertThat(new OwnerNames("nse-b").interfaceName(KEY, title)).isNotEqualTo(name);
    assertThat(names.idOf(name)).contains(names.id(KEY));
    assertThat(new OwnerNames("nse-b").idOf(name)).isEmpty();
  }

  @Test
  void whatVppDoesNotTake_isADash_andDotsDoNotSplitTheName() {
    String name = names.interfaceName(KEY, "a.b/c d\u00e9");
    assertThat(name).endsWith(".a-b-c-d-");
    assertThat(OwnerNames.parts(name)).contains(new OwnerNames.Parts(names.tag(), names.id(KEY)));
    assertThat(OwnerNames.parts("local0")).isEmpty();
  }
}
