package io.vl3.vpp;

import io.vl3.internal.log.Outage;
import io.vl3.time.Timer;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way between a VPP and its kernel side, as it is kept up. */
final class HostWay {

  private static final Logger LOG = LoggerFactory.getLogger(HostWay.class);

  private final KernelSide side;
  private final KernelWay way;
  private final Outage outage;
  private volatile Optional<String> trouble = Optional.of("not looked at yet");

  HostWay(KernelSide side, String owner, Timer timer) {
    this.side = side;
    this.way = KernelWay.of(owner);
    this.outage = new Outage(LOG, timer);
  }

  KernelWay way() {
    return way;
  }

  String netnsUrl() {
    return side.netnsUrl();
  }

  /** What it is, or why it leads nowhere. */
  String words() {
    return trouble().map(why -> "no way: " + why).orElse("veth");
  }

  /** Why it leads nowhere; empty if it leads to VPP. */
  Optional<String> trouble() {
    return trouble;
  }

  /** Mends it; answers whether VPP has to take its end anew. */
  boolean prepare(OptionalLong vppProcess) {
    try {
      boolean anew = side.prepare(way, vppProcess);
      trouble = Optional.empty();
      outage.ended("way between VPP and %s: leads there again".formatted(netnsUrl()));
      return anew;
    } catch (IOException failure) {
      trouble = Optional.of(String.valueOf(failure.getMessage()));
      outage.failed(
          "way between VPP and %s: %s [kernel interfaces do not reach VPP]"
              .formatted(netnsUrl(), failure.getMessage()));
      return false;
    }
  }
}
