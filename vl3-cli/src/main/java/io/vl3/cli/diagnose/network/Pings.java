package io.vl3.cli.diagnose.network;

import io.vl3.linux.Echo;
import io.vl3.linux.IcmpProbe;
import io.vl3.linux.Netns;
import io.vl3.net.IpAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Echo requests of a size that nobody may fragment, from inside of a namespace. */
final class Pings {

  private static final Duration PATIENCE = Duration.ofMillis(1_500);
  private static final int SMALL_BYTES = 64;

  private final IcmpProbe probe = new IcmpProbe();

  /** Whether an address answers a small one; sent twice. */
  CompletableFuture<Boolean> answers(Netns from, IpAddress target) throws IOException {
    return probe
        .echo(from, target, SMALL_BYTES, PATIENCE)
        .thenApply(Echo.Answered.class::isInstance);
  }

  /** The outcome of one of a size; sent twice. */
  CompletableFuture<Echo> of(Netns from, IpAddress target, int packetBytes) throws IOException {
    return probe.echo(from, target, packetBytes, PATIENCE);
  }
}
