package com.example.nse;

import static org.assertj.core.api.Assertions.fail;

import io.vl3.mesh.PeerState;
import io.vl3.mesh.PeerStatus;
import io.vl3.nse.Vl3Nse;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for links between endpoints. */
final class Peers {

  private static final int LONGEST_SECONDS = 60;

  private Peers() {}

  /** Returns as soon as the endpoint is linked with exactly these. */
  static void await(Vl3Nse nse, String... expected) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
    while (!up(nse).equals(List.of(expected))) {
      if (System.nanoTime() > end) {
        fail("peers: %s (expected: %s)".formatted(nse.status().peers(), List.of(expected)));
      }
      never.await(5, TimeUnit.MILLISECONDS);
    }
  }

  private static List<String> up(Vl3Nse nse) {
    return nse.status().peers().stream()
        .filter(peer -> peer.state() == PeerState.UP)
        .map(PeerStatus::peer)
        .toList();
  }
}
