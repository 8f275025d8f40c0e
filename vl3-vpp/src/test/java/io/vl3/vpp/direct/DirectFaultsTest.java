package io.vl3.vpp.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.dataplane.LinkOutcome.Applied;
import io.vl3.net.IpAddress;
import io.vl3.vpp.SomeLinks;
import io.vl3.vpp.VppDataPlane;
import io.vl3.vpp.VppSettings;
import io.vl3.vpp.VppStatus.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Faults at random points: the connection ends at any octet of any message, VPP says no to any
 * message, starts again, or somebody takes an interface away. Whatever happened, once it is over
 * VPP has what is wanted, once, and nothing else.
 */
class DirectFaultsTest {

  private static final int FAULTS = Integer.getInteger("vl3.vpp.faults", 500);
  private static final int FIRST_SEED = Integer.getInteger("vl3.vpp.seed", 0);
  private static final int PER_VPP = 100;
  private static final int KEYS = 4;
  private static final VppSettings SETTINGS =
      VppSettings.of("nse-a").withNatAddress(IpAddress.parse("203.0.113.5"));

  private static final List<String> REFUSED =
      List.of(
          "memif_create_v2",
          "memif_delete",
          "memif_socket_filename_add_del_v2",
          "create_loopback",
          "sw_interface_tag_add_del",
          "sw_interface_add_del_address",
          "sw_interface_set_unnumbered",
          "sw_interface_set_flags",
          "sw_interface_set_mtu",
          "ip_route_add_del",
          "nat44_ed_plugin_enable_disable",
          "nat44_add_del_address_range",
          "nat44_interface_add_del_feature",
          "nat44_add_del_static_mapping_v2");

  @Test
  void whateverFails_onceItIsOver_vppHasWhatIsWanted_once() {
    int faults = 0;
    for (int seed = FIRST_SEED; faults < FAULTS; seed++) {
      try (World world = new World(seed)) {
        for (int n = 0; n < PER_VPP; n++, faults++) {
          world.turn();
        }
      }
    }
    assertThat(faults).isGreaterThanOrEqualTo(FAULTS);
  }

  /** A VPP with a data plane, and what was answered for. */
  private static final class World implements AutoCloseable {
    private final long seed;
    private final Random random;
    private final DirectRig rig = new DirectRig("26.06");
    private final VppDataPlane plane = rig.open(SETTINGS);
    private final DirectRig undisturbed = new DirectRig("26.06");
    private final VppDataPlane model = undisturbed.open(SETTINGS);
    private final Map<String, Link> wanted = new TreeMap<>();
    private int turn;

    World(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
    }

    void turn() {
      turn++;
      fault();
      change();
      rig.server.heal();
      try {
        settle();
      } catch (AssertionError still) {
        throw new AssertionError(
            "seed %d, turn %d: %s%nwanted:%n%s".formatted(seed, turn, still.getMessage(), ideal()),
            still);
      }
    }

    private void fault() {
      switch (random.nextInt(4)) {
        case 0 -> rig.server.cutAfter(random.nextInt(4_000));
        case 1 -> refuse();
        case 2 -> rig.restart();
        default -> {
          refuse();
          rig.server.cutAfter(random.nextInt(20_000));
        }
      }
    }

    private void refuse() {
      String message = REFUSED.get(random.nextInt(REFUSED.size()));
      int nth = random.nextInt(3);
      int[] seen = {0};
      rig.server.refuse(message, request -> seen[0]++ == nth ? Optional.of(-1) : Optional.empty());
    }

    /** Some links change in one batch. A link whose change failed is asked for again below. */
    private void change() {
      List<LinkChange> changes = new ArrayList<>();
      for (int i = 0; i < KEYS; i++) {
        String key = "k" + i;
        if (random.nextInt(3) == 0) {
          changes.add(removal(key));
        } else if (random.nextBoolean()) {
          changes.add(new LinkChange.Put(link(key, i)));
        }
      }
      apply(changes);
    }

    private Link link(String key, int i) {
      return switch (random.nextInt(4)) {
        case 0 -> SomeLinks.numbered(key, i + 1, List.of("10.%d.0.0/16".formatted(100 + i)));
        case 1 -> SomeLinks.numbered(key, i + 11, List.of());
        case 2 -> SomeLinks.forwarding(SomeLinks.numbered(key, i + 1, List.of()), 8000 + i);
        default -> SomeLinks.unnumbered(key, "10.0.0.1", "10.2.0." + (i + 1));
      };
    }

    private void apply(List<LinkChange> changes) {
      List<LinkOutcome> outcomes = plane.apply(changes);
      for (int i = 0; i < changes.size(); i++) {
        if (changes.get(i) instanceof LinkChange.Put put && outcomes.get(i) instanceof Applied) {
          wanted.put(put.key().value(), put.link());
        } else if (changes.get(i) instanceof LinkChange.Remove remove) {
          wanted.remove(remove.key().value());
        }
      }
    }

    /** Looks until all is well, as it does by itself. */
    private void settle() {
      String ideal = ideal();
      rig.lookUntil(() -> plane.status().state() == State.UP && rig.model.state().equals(ideal));
    }

    /** What an empty VPP has after the same links. */
    private String ideal() {
      model.apply(IntStream.range(0, KEYS).mapToObj(i -> removal("k" + i)).toList());
      model.apply(wanted.values().stream().<LinkChange>map(LinkChange.Put::new).toList());
      return undisturbed.model.state();
    }

    private static LinkChange removal(String key) {
      return new LinkChange.Remove(new LinkKey(key));
    }

    @Override
    public void close() {
      rig.close();
      undisturbed.close();
    }
  }

  @Test
  void whatTheTestRefuses_isWhatAVppHas() {
    try (DirectRig rig = new DirectRig("26.06")) {
      assertThat(rig.server.messages()).containsAll(REFUSED);
    }
  }
}
