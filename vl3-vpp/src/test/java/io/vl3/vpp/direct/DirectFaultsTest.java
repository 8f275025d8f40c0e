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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Faults at random points: the connection ends at any octet of any message, VPP says no to any
 * request, does not answer it in time, or starts again; some while all that it has is read back.
 * Whatever happened, once it is over VPP has what is wanted, once, and nothing else.
 */
class DirectFaultsTest {

  private static final int FAULTS = Integer.getInteger("vl3.vpp.faults", 500);
  private static final int FIRST_SEED = Integer.getInteger("vl3.vpp.seed", 0);
  private static final int PER_VPP = 100;
  private static final int KEYS = 4;

  /** One in so many turns waits for an answer until it is late. */
  private static final int LATE = 50;

  private static final Duration CALL = Duration.ofMillis(500);
  private static final VppSettings PLAIN =
      VppSettings.of("nse-a").withNatAddress(IpAddress.parse("203.0.113.5"));
  private static final VppSettings SETTINGS =
      PLAIN.withPace(new VppSettings.Pace(CALL, PLAIN.pace().verify(), PLAIN.pace().again()));

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
    private final DirectRig undisturbed = new DirectRig("26.06");
    private final VppDataPlane plane;
    private final VppDataPlane model;
    private final Map<String, Link> wanted = new TreeMap<>();
    private int turn;

    World(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      boolean ownTable = seed % 2 != 0;
      this.plane = rig.open(ownTable ? SETTINGS.withVrf(7) : SETTINGS);
      this.model = undisturbed.open(ownTable ? PLAIN.withVrf(7) : PLAIN);
      rig.lookUntil(() -> plane.status().state() == State.UP);
    }

    void turn() {
      turn++;
      Optional<Future<?>> look =
          random.nextInt(3) == 0 ? Optional.of(rig.lookThatIsHeld()) : Optional.empty();
      fault();
      change();
      look.ifPresentOrElse(rig::finish, rig.server::heal);
      try {
        settle();
      } catch (AssertionError still) {
        throw new AssertionError(
            "seed %d, turn %d: %s%nwanted:%n%s%n%s"
                .formatted(seed, turn, still.getMessage(), ideal(), plane.status()),
            still);
      }
    }

    private void fault() {
      if (random.nextInt(LATE) == 0) {
        rig.server.hold(anyRequest());
        return;
      }
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
      String message = anyRequest();
      int nth = random.nextInt(3);
      int[] seen = {0};
      rig.server.refuse(message, request -> seen[0]++ == nth ? Optional.of(-1) : Optional.empty());
    }

    /** Of those that VPP was asked so far. */
    private String anyRequest() {
      List<String> asked = rig.server.requests();
      return asked.get(random.nextInt(asked.size()));
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
}
