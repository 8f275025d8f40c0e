package io.vl3.cli.verify;

import io.vl3.cli.verify.PathMtu.Verdict;
import io.vl3.linux.IcmpProbe;
import io.vl3.net.IpFamily;
import java.io.IOException;
import java.time.Duration;

/**
 * The MTU of one way.
 *
 * @param from who sends
 * @param to who answers
 * @param address where
 * @param interfaceBytes the MTU of the interface that packets leave by
 * @param bytes the largest packet that passes; 0: none
 * @param ok whether senders come to know what passes
 * @param error why not; empty text if they do
 */
record MtuCheck(
    String from,
    String to,
    String address,
    int interfaceBytes,
    int bytes,
    boolean ok,
    String error) {

  private static final int LEAST_IPV4 = 68;
  private static final int LEAST_IPV6 = 1280;

  /** Probes a way; blocks for one timeout if all is well, for some if not. */
  static MtuCheck of(Way way, IcmpProbe probe, Duration timeout) {
    int least = way.address().family() == IpFamily.IPV4 ? LEAST_IPV4 : LEAST_IPV6;
    try {
      PathMtu found =
          PathMtu.find(
              bytes -> probe.echo(way.namespace(), way.address(), bytes, timeout),
              least,
              Math.max(least, way.mtuBytes()));
      return of(way, found);
    } catch (IOException failure) {
      return of(way, 0, String.valueOf(failure.getMessage()));
    }
  }

  private static MtuCheck of(Way way, PathMtu found) {
    boolean hole = found.verdict() == Verdict.BLACK_HOLE;
    return of(
        way,
        found.bytes(),
        hole
            ? "packets of more than %d bytes are lost, and nobody tells the sender"
                .formatted(found.bytes())
            : "");
  }

  private static MtuCheck of(Way way, int bytes, String error) {
    return new MtuCheck(
        way.from(),
        way.to(),
        way.address().toString(),
        way.mtuBytes(),
        bytes,
        error.isEmpty(),
        error);
  }
}
