package io.vl3.vpp.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome.Applied;
import io.vl3.net.IpAddress;
import io.vl3.vpp.SomeLinks;
import io.vl3.vpp.VppDataPlane;
import io.vl3.vpp.VppSettings;
import io.vl3.vpp.VppStatus.State;
import io.vl3.vpp.internal.OwnerNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Links change while all that VPP has is read back: they do not wait for it, and what is told while
 * it goes on is not taken for a difference. VPP answers the pings that end a dump when it is let.
 */
class LookWhileLinksChangeTest {

  private static final String OWNER = "nse-a";
  private static final VppSettings SETTINGS =
      VppSettings.of(OWNER).withVrf(7).withNatAddress(IpAddress.parse("203.0.113.5"));
  private static final int SEEDS = Integer.getInteger("vl3.vpp.looks", 25);
  private static final int KEYS = 5;

  private final DirectRig rig = new DirectRig("23.06");
  private final DirectRig undisturbed = new DirectRig("23.06");
  private final Map<String, Link> wanted = new TreeMap<>();
  private final VppDataPlane plane = rig.open(SETTINGS);
  private final VppDataPlane naive = undisturbed.open(SETTINGS);

  @AfterEach
  void stop() {
    rig.close();
    undisturbed.close();
  }

  @Test
  void aNewLink_doesNotWaitForALook_andOutlivesIt() {
    put(SomeLinks.numbered("web", 1, List.of()));
    Future<?> look = rig.lookThatIsHeld();
    put(SomeLinks.numbered("db", 2, List.of("10.9.0.0/16")));
    assertThat(look.isDone()).as("it reads still").isFalse();
    String before = rig.model.state();
    rig.finish(look);
    assertThat(rig.model.state()).isEqualTo(before).isEqualTo(ideal());
    assertThat(rig.model.created()).isEqualTo(2);
    assertThat(plane.status().problems()).isEmpty();
  }

  @Test
  void aRemovedLink_whoseNumberAnotherGets_isNotSeenAgain() {
    put(SomeLinks.numbered("web", 1, List.of("10.9.0.0/16")));
    Future<?> look = rig.lookThatIsHeld();
    remove("web");
    put(SomeLinks.numbered("db", 2, List.of()));
    rig.finish(look);
    assertThat(rig.model.state()).isEqualTo(ideal());
    assertThat(plane.observe()).isEqualTo(Set.of(new LinkKey("db")));
    assertThat(rig.model.created()).as("nothing was made anew").isEqualTo(2);
  }

  @Test
  void aRouteThatSomebodyDeletes_isMendedByTheNextLook_whateverElseChanges() {
    put(SomeLinks.numbered("web", 1, List.of("10.9.0.0/16")));
    plane.observe();
    rig.model.forgetRoute("10.9.0.0/16");
    Future<?> look = rig.lookThatIsHeld();
    put(SomeLinks.numbered("db", 2, List.of()));
    rig.finish(look);
    assertThat(rig.model.state()).isEqualTo(ideal());
    rig.model.forgetRoute("10.9.0.0/16");
    rig.timer.advance(SETTINGS.pace().verify());
    assertThat(rig.model.state()).isEqualTo(ideal());
  }

  @Test
  void aSocketThatVppDoesNotLetGoWhileItIsRead_goesLater() {
    put(SomeLinks.numbered("web", 1, List.of()));
    Future<?> look = rig.lookThatIsHeld();
    rig.server.refuse(
        "memif_socket_filename_add_del_v2",
        request -> request.is("is_add") ? Optional.empty() : Optional.of(-1));
    remove("web");
    rig.finish(look);
    rig.timer.advance(SETTINGS.pace().verify());
    assertThat(rig.model.state()).isEqualTo(ideal());
  }

  @Test
  void aTranslatedLink_thatGetsTheNumberOfAnother_isNotTakenForThat() {
    put(SomeLinks.unnumbered("peer", "10.0.0.1", "10.2.0.1"));
    put(SomeLinks.forwarding(SomeLinks.numbered("stays", 1, List.of()), 8001));
    Future<?> look = rig.lookThatIsHeld();
    remove("peer");
    put(SomeLinks.forwarding(SomeLinks.numbered("web", 2, List.of()), 8002));
    put(SomeLinks.forwarding(SomeLinks.numbered("db", 3, List.of()), 8003));
    rig.finish(look);
    assertThat(plane.status().problems()).isEmpty();
    assertThat(rig.model.state()).isEqualTo(ideal());
  }

  @Test
  void somebodyWhoComesToALinkWhileItIsRead_isNotTakenForGone() {
    put(SomeLinks.unnumbered("peer", "10.0.0.1", "10.2.0.1"));
    Future<?> look = rig.lookThatIsHeld();
    rig.model.connect(name("peer"), true);
    rig.await(() -> rig.server.count("sw_interface_set_rx_mode") == 1);
    rig.finish(look);
    assertThat(plane.cutOff()).isEmpty();
  }

  @Test
  void aConnectionThatEndsInTheMiddleOfALook_isMadeAnew() {
    put(SomeLinks.numbered("web", 1, List.of()));
    Future<?> look = rig.lookThatIsHeld();
    rig.server.disconnect();
    rig.finish(look);
    rig.lookUntil(() -> plane.status().state() == State.UP);
    put(SomeLinks.numbered("db", 2, List.of()));
    assertThat(rig.model.state()).isEqualTo(ideal());
  }

  @Test
  void aLookThatAnotherOvertakes_isOfNoUse_andDoesNoHarm() {
    put(SomeLinks.numbered("web", 1, List.of()));
    Future<?> look = rig.lookThatIsHeld();
    assertThat(plane.observe()).containsExactly(new LinkKey("web"));
    remove("web");
    put(SomeLinks.numbered("db", 2, List.of()));
    rig.finish(look);
    assertThat(rig.model.state()).isEqualTo(ideal());
    assertThat(rig.model.created()).isEqualTo(2);
  }

  @Test
  void whateverChangesWhileItIsRead_aLookMendsNothing_andMissesNothing() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      change(random);
      Future<?> look = rig.lookThatIsHeld();
      while (!look.isDone()) {
        int read = rig.server.pings();
        if (random.nextInt(3) > 0) {
          change(random);
        }
        boolean overtaken = rig.server.pings() > read; // It reads once more then, in its turn.
        int created = rig.model.created();
        if (overtaken) {
          rig.finish(look);
        } else {
          rig.next(look);
        }
        assertThat(rig.model.created()).as("seed %d: made by a look", seed).isEqualTo(created);
      }
      rig.finish(look);
      assertThat(ours()).as("seed %d", seed).isEqualTo(ideal());
      if (random.nextBoolean()) {
        somebodyTakesALinkWhileItIsRead(random, seed);
      }
    }
  }

  /** What somebody else does in the middle of a look is mended by it or by the next ones. */
  private void somebodyTakesALinkWhileItIsRead(Random random, int seed) {
    if (wanted.isEmpty()) {
      return;
    }
    List<String> keys = List.copyOf(wanted.keySet());
    Future<?> look = rig.lookThatIsHeld();
    rig.next(look);
    rig.model.take(name(keys.get(random.nextInt(keys.size()))));
    rig.finish(look);
    String ideal = ideal();
    rig.lookUntil(() -> plane.status().state() == State.UP && ours().equals(ideal));
    assertThat(plane.status().problems()).as("seed %d", seed).isEmpty();
  }

  /** Some links change, one after another. */
  private void change(Random random) {
    for (int n = random.nextInt(3); n >= 0; n--) {
      int key = random.nextInt(KEYS);
      if (random.nextInt(3) == 0) {
        remove("k" + key);
      } else {
        put(link("k" + key, key, random));
      }
    }
  }

  private static Link link(String key, int i, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> SomeLinks.numbered(key, i + 1, List.of("10.%d.0.0/16".formatted(100 + i)));
      case 1 -> SomeLinks.numbered(key, i + 11, List.of());
      case 2 -> SomeLinks.forwarding(SomeLinks.numbered(key, i + 1, List.of()), 8000 + i);
      default -> SomeLinks.unnumbered(key, "10.0.0.1", "10.2.0." + (i + 1));
    };
  }

  /** Without what an interface left that somebody else took: it goes before its number's next. */
  private String ours() {
    return rig.model
        .state()
        .lines()
        .filter(line -> !line.contains(" nothing"))
        .collect(Collectors.joining("\n"));
  }

  /** What an empty VPP has after the same links. */
  private String ideal() {
    List<LinkChange> changes = new ArrayList<>();
    naive.observe().forEach(key -> changes.add(new LinkChange.Remove(key)));
    naive.apply(changes);
    naive.apply(wanted.values().stream().<LinkChange>map(LinkChange.Put::new).toList());
    return undisturbed.model.state();
  }

  private static String name(String key) {
    return new OwnerNames(OWNER).interfaceName(new LinkKey(key), key);
  }

  private void put(Link link) {
    assertThat(plane.apply(List.of(new LinkChange.Put(link))).get(0)).isInstanceOf(Applied.class);
    wanted.put(link.key().value(), link);
  }

  private void remove(String key) {
    assertThat(plane.apply(List.of(new LinkChange.Remove(new LinkKey(key)))).get(0))
        .isInstanceOf(Applied.class);
    wanted.remove(key);
  }
}
