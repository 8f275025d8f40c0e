package io.vl3.cli.capture;

import io.vl3.cli.Version;
import io.vl3.linux.Netns;
import io.vl3.linux.PacketTap;
import io.vl3.linux.PacketTap.Packet;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Copies packets of a namespace to a stream until enough are there. For one thread. */
public final class Capture {

  private static final int BUFFER = 1 << 20;

  private final Netns netns;
  private final Links links;
  private final Limits limits;
  private long captured;

  /** Which interfaces are wanted, and what they are. */
  public interface Links {

    /** Whether packets of an interface are wanted. */
    boolean isWanted(String interfaceName);

    /** A description for the reader. */
    String description(String interfaceName);
  }

  /**
   * When it ends by itself.
   *
   * @param snapBytes how much of each packet is kept
   * @param packets after so many packets; empty: never
   * @param time after so long; empty: never
   */
  public record Limits(int snapBytes, Optional<Long> packets, Optional<Duration> time) {}

  /** A capture; nothing is opened before {@link #run}. */
  public Capture(Netns netns, Links links, Limits limits) {
    this.netns = netns;
    this.links = links;
    this.limits = limits;
  }

  /** How it went. */
  public record Summary(long captured, long dropped) {}

  /** The reader has gone: no failure of the capture. */
  private static final class ReaderGone extends IOException {
    private static final long serialVersionUID = 1;

    ReaderGone(IOException cause) {
      super(cause);
    }
  }

  /**
   * Copies; blocks until a limit is met, the reader of the stream has gone, or somebody stops it.
   *
   * @param stopped asked some times a second
   */
  public Summary run(OutputStream to, BooleanSupplier stopped) throws IOException {
    try (PacketTap tap = PacketTap.open(netns, limits.snapBytes())) {
      try {
        copy(tap, new BufferedOutputStream(new Telling(to), BUFFER), stopped);
      } catch (ReaderGone gone) {
        // As `head` goes: what it has taken is what it wanted.
        return new Summary(captured, tap.dropped());
      }
      return new Summary(captured, tap.dropped());
    }
  }

  private void copy(PacketTap tap, OutputStream out, BooleanSupplier stopped) throws IOException {
    PcapngWriter writer =
        new PcapngWriter(out, Version.line(), limits.snapBytes(), links::description);
    out.flush();
    long end = System.nanoTime() + limits.time().map(Duration::toNanos).orElse(Long.MAX_VALUE / 2);
    boolean waits = true;
    while (!isEnough() && System.nanoTime() - end < 0 && !stopped.getAsBoolean()) {
      Optional<Packet> packet = tap.next(waits);
      if (packet.isEmpty() && !waits) {
        out.flush();
      }
      waits = packet.isEmpty();
      if (packet.isPresent() && links.isWanted(packet.get().interfaceName())) {
        writer.write(packet.get());
        captured++;
      }
    }
    out.flush();
  }

  private boolean isEnough() {
    return limits.packets().isPresent() && captured >= limits.packets().get();
  }

  /** Tells a failure of the stream from one of the capture. */
  private static final class Telling extends OutputStream {

    private final OutputStream to;

    Telling(OutputStream to) {
      this.to = to;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int begin, int length) throws IOException {
      try {
        to.write(bytes, begin, length);
      } catch (IOException gone) {
        throw new ReaderGone(gone);
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        to.flush();
      } catch (IOException gone) {
        throw new ReaderGone(gone);
      }
    }
  }
}
