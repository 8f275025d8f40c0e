package io.vl3.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.endpoint.LeakCheck;
import io.vl3.endpoint.ManualExecutor;
import io.vl3.mesh.InProcessMesh.Nse;
import io.vl3.registry.EndpointRecord;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens, once it stops happening every pair is joined by exactly one link. */
class MeshChurnTest {

  private final FakeTimer timer = new FakeTimer();
  private final ManualExecutor executor = new ManualExecutor();
  private final InProcessMesh mesh = new InProcessMesh(executor, timer);
  private final Map<String, EndpointRecord> killed = new HashMap<>();
  private int prefixes;

  @RegisterExtension final LeakCheck leaks = new LeakCheck();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void churn_ends(int seed) throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < 6; i++) {
      start("nse-" + i, Optional.empty());
    }
    for (int i = 0; i < 80; i++) {
      happen(random);
      pass(random.nextInt(40));
    }
    calmDown();
    assertThat(mesh.fault()).isEmpty();
    List<Nse> all = List.copyOf(mesh.nses());
    for (Nse nse : all) {
      nse.stop();
      executor.runAll();
    }
    pass(200);
    assertThat(all.stream().mapToInt(Nse::stored).sum()).isZero();
    assertThat(mesh.registry().watching()).isZero();
  }

  private void happen(Random random) throws Exception {
    List<Nse> running = new ArrayList<>(mesh.nses());
    Nse one = running.get(random.nextInt(running.size()));
    switch (random.nextInt(7)) {
      case 0 -> {
        if (running.size() > 2) {
          mesh.kill(one.name());
          killed.put(one.name(), one.self());
        }
      }
      case 1, 2 -> restart(random);
      case 3 -> one.unreachable(random.nextBoolean());
      case 4 -> one.announce(freshPrefix());
      case 5 ->
          one.client()
              .connections()
              .forEach(link -> one.mesh().linkDown(link.requireId(), "probe"));
      default -> {
        mesh.registry().goAway();
        pass(random.nextInt(20));
        mesh.registry().comeBack();
      }
    }
  }

  private void restart(Random random) throws Exception {
    for (String name : List.copyOf(killed.keySet())) {
      EndpointRecord remembered = killed.remove(name);
      switch (random.nextInt(3)) {
        case 0 -> start(name, Optional.of(remembered));
        case 1 -> {
          mesh.registry().unregister(remembered);
          start(name, Optional.empty());
        }
        default -> mesh.registry().unregister(remembered);
      }
    }
  }

  private void calmDown() throws Exception {
    for (EndpointRecord record : killed.values()) {
      mesh.registry().unregister(record);
    }
    mesh.nses().forEach(nse -> nse.unreachable(false));
    pass(1_500);
    // The refreshes that every link has; an unreachable NSE may have missed a change of prefix.
    for (Nse nse : mesh.nses()) {
      nse.mesh().ownPrefixesChanged();
    }
    pass(1_500);
  }

  private void start(String name, Optional<EndpointRecord> remembered) throws Exception {
    mesh.start(name, freshPrefix(), remembered);
  }

  private String freshPrefix() {
    return "10.60." + prefixes++ % 250 + ".0/24";
  }

  private void pass(int tenths) {
    executor.runAll();
    for (int i = 0; i < tenths; i++) {
      timer.advance(Duration.ofMillis(100));
      executor.runAll();
    }
  }
}
