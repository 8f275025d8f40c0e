package io.vl3.prefixes;

import io.grpc.BindableService;
import io.vl3.internal.journal.Journal;
import io.vl3.net.IpPrefix;
import io.vl3.time.Timer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * A central IPAM: gives each NSE a prefix out of one pool, in NSM v1's API ({@code ipam.IPAM}) and
 * in the original's ({@code ippool.Allocator}), to one NSE at a time. With a journal it knows after
 * a restart what it gave.
 *
 * <p>Aligned, the lowest free prefix first. Thread-safe; only {@link #open} and {@link #close}
 * block.
 */
public final class CentralPrefixes implements AutoCloseable {

  private final Optional<Journal> journal;
  private final Settings settings;
  private final PrefixLedger ledger;

  /**
   * What is given.
   *
   * @param pool out of which prefixes are cut
   * @param prefixLength of a prefix, in bits, where the NSE wishes no other
   * @param lease how long a prefix is leased in the original's API: whole hours, from 1 to 8,760
   * @param grace how long a prefix is kept whose NSE is away, or whose NSE could not be heard while
   *     this server was
   */
  public record Settings(IpPrefix pool, int prefixLength, Duration lease, Duration grace) {

    private static final int MOST_HOURS = 8760;
    private static final int MOST_BITS = 16;

    /** Refuses what cannot be given. */
    public Settings {
      int most = Math.min(pool.family().bits(), pool.length() + MOST_BITS);
      if (prefixLength < pool.length() || prefixLength > most) {
        throw new IllegalArgumentException(
            "prefix length: %d (expected: %d..%d for the pool %s)"
                .formatted(prefixLength, pool.length(), most, pool));
      }
      if (!lease.equals(Duration.ofHours(lease.toHours()))
          || lease.toHours() < 1
          || lease.toHours() > MOST_HOURS) {
        throw new IllegalArgumentException(
            "lease: %s (expected: whole hours, 1..%d)".formatted(lease, MOST_HOURS));
      }
      if (grace.isNegative()) {
        throw new IllegalArgumentException("grace: %s (expected: not negative)".formatted(grace));
      }
    }
  }

  private CentralPrefixes(Settings settings, Optional<Journal> journal, Timer timer) {
    this.settings = settings;
    this.journal = journal;
    this.ledger = new PrefixLedger(settings, journal, timer);
  }

  /** One that forgets with the process. */
  public static CentralPrefixes inMemory(Settings settings, Timer timer) {
    return new CentralPrefixes(settings, Optional.empty(), timer);
  }

  /**
   * One that remembers in a file, which is made if it is not there.
   *
   * @param executor where the disk is waited for
   * @throws IOException if the file cannot be read or written, or is open elsewhere
   */
  public static CentralPrefixes open(Settings settings, Path file, Executor executor, Timer timer)
      throws IOException {
    return new CentralPrefixes(settings, Optional.of(Journal.open(file, executor)), timer);
  }

  /** The services, to add to a server. */
  public List<BindableService> services() {
    return List.of(new StreamedPrefixes(ledger), new LeasedPrefixes(settings, ledger));
  }

  PrefixLedger ledger() {
    return ledger;
  }

  /** How many prefixes are given, those included whose NSE is away. */
  public int size() {
    return ledger.size();
  }

  /** Lets the journal go, after the server of the services has ended. */
  @Override
  public void close() {
    journal.ifPresent(Journal::close);
  }
}
