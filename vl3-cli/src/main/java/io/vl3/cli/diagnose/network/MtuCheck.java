package io.vl3.cli.diagnose.network;

import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.linux.Echo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Whether packets as large as a link's MTU arrive. One that somebody refuses with a word is no
 * fault: the sender learns (RFC 1191). One that vanishes is.
 */
public final class MtuCheck implements Check<Scene> {

  /** As precise as it has to be, to be found quickly. */
  private static final int PRECISION_BYTES = 16;

  private static final int LEAST_BYTES = 68;

  private final Pings pings = new Pings();

  /** A check. */
  public MtuCheck() {}

  @Override
  public String name() {
    return "path MTU";
  }

  @Override
  public String tries() {
    return "Ping each peer that is up from its NSE, small and as large as the link's MTU with the"
        + " don't-fragment bit.";
  }

  @Override
  public Answer look(Scene scene) throws IOException {
    List<PeerLink> links = scene.sites().stream().flatMap(PeerLink::of).toList();
    if (links.isEmpty()) {
      return Answer.skipped("no peer is up");
    }
    List<Try> tries = new ArrayList<>();
    for (PeerLink link : links) {
      tries.add(
          new Try(
              link,
              pings.answers(link.site().netns(), link.address()),
              pings.of(link.site().netns(), link.address(), link.mtuBytes())));
    }
    List<Finding> findings = new ArrayList<>();
    for (Try each : tries) {
      if (each.small().join() && each.large().join() instanceof Echo.Silent) {
        findings.add(finding(each.link(), largest(each.link())));
      }
    }
    return Answer.of("%d links tried".formatted(links.size()), findings);
  }

  private record Try(
      PeerLink link, CompletableFuture<Boolean> small, CompletableFuture<Echo> large) {}

  private int largest(PeerLink link) throws IOException {
    return largest(
        link.mtuBytes(),
        size ->
            !(pings.of(link.site().netns(), link.address(), size).join() instanceof Echo.Silent));
  }

  /** Whether a packet of a size arrives, or somebody says that it does not. */
  @FunctionalInterface
  interface Sizes {
    boolean pass(int bytes) throws IOException;
  }

  /** The largest size that passes, or up to {@link #PRECISION_BYTES} less. */
  static int largest(int vanishing, Sizes sizes) throws IOException {
    int passes = LEAST_BYTES;
    int vanishes = vanishing;
    while (vanishes - passes > PRECISION_BYTES) {
      int size = (passes + vanishes) / 2;
      if (sizes.pass(size)) {
        passes = size;
      } else {
        vanishes = size;
      }
    }
    return passes;
  }

  private static Finding finding(PeerLink link, int largest) {
    return Finding.error(
        Fault.MTU_BLACK_HOLE,
        Set.of(link.site().nse(), link.plainPeer()),
        "%s to %s by %s".formatted(link.site().nse(), link.plainPeer(), link.interfaceName()),
        ("Packets of %d bytes vanish, as large as the interface's MTU, and nobody says that they are"
                + " too large; %d bytes pass.")
            .formatted(link.mtuBytes(), largest));
  }
}
