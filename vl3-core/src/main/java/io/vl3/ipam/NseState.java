package io.vl3.ipam;

import io.vl3.internal.journal.Change;
import io.vl3.internal.journal.Journal;
import io.vl3.measure.Meter;
import io.vl3.net.IpPrefix;
import io.vl3.time.Timer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an endpoint knows of its earlier life: who had which addresses, which freed addresses rest,
 * and its own prefixes. Kept in a journal, one per endpoint, or not at all. It holds no token and
 * no key. Thread-safe; only {@link #open} and {@link #close} block.
 */
public final class NseState implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NseState.class);
  private static final String BINDING = "binding ";
  private static final String REST = "rest ";
  private static final String PREFIXES = "prefixes";

  private final Settings settings;
  private final Optional<Journal> journal;
  private final Optional<Timer> timer;
  private final Map<String, String> restored;
  private volatile boolean retaining;

  private NseState(Settings settings, Optional<Journal> journal, Optional<Timer> timer) {
    this.settings = settings;
    this.journal = journal;
    this.timer = timer;
    this.restored = journal.map(Journal::restored).orElse(Map.of());
  }

  /**
   * How long things are kept.
   *
   * @param rest how long a freed address is given to nobody; zero: it is free at once
   * @param grace how long an address is kept after a restart for the workload that had it: a
   *     token's lifetime, after which a workload that lives has asked again
   */
  public record Settings(Duration rest, Duration grace) {

    /** No rest, and ten minutes of grace: how long a token lives if nobody says otherwise. */
    public static final Settings DEFAULT = new Settings(Duration.ZERO, Duration.ofMinutes(10));

    /** Refuses negative times. */
    public Settings {
      if (rest.isNegative() || grace.isNegative()) {
        throw new IllegalArgumentException(
            "rest, grace: %s, %s (expected: not negative)".formatted(rest, grace));
      }
    }
  }

  /** Remembers nothing beyond this object. */
  public static NseState inMemory() {
    return new NseState(Settings.DEFAULT, Optional.empty(), Optional.empty());
  }

  /** Remembers nothing beyond this object, but lets freed addresses rest. */
  public static NseState inMemory(Settings settings, Timer timer) {
    return new NseState(settings, Optional.empty(), Optional.of(timer));
  }

  /**
   * Remembers in a file, which is made if it is not there.
   *
   * @param executor where the disk is waited for
   * @throws IOException if the file cannot be read or written, or is open elsewhere
   */
  public static NseState open(Path file, Settings settings, Executor executor, Timer timer)
      throws IOException {
    return of(Journal.open(file, executor), settings, timer);
  }

  static NseState of(Journal journal, Settings settings, Timer timer) {
    return new NseState(settings, Optional.of(journal), Optional.of(timer));
  }

  /** The own prefixes of the earlier life, to ask for again where they are leased. */
  public List<IpPrefix> formerPrefixes() {
    return Optional.ofNullable(restored.get(PREFIXES))
        .flatMap(text -> parsed(PREFIXES, text, Binding::prefixes))
        .orElse(List.of());
  }

  /** Remembers a source's prefixes, those of now and those to come. */
  public void follow(PrefixSource source) {
    source.onChange(() -> remember(source.current()));
    remember(source.current());
  }

  /**
   * Keeps from now on what connections have when they are closed: it is the endpoint that ends, not
   * they.
   */
  public void retain() {
    retaining = true;
  }

  /** Counts writes there from now on, and takes their time. */
  public void measureBy(Meter meter) {
    journal.ifPresent(written -> written.measureBy(meter));
  }

  /** Why the disk takes nothing at present; empty if all is well. */
  public Optional<String> trouble() {
    return journal.flatMap(Journal::trouble);
  }

  @Override
  public void close() {
    retain();
    journal.ifPresent(Journal::close);
  }

  boolean isRetaining() {
    return retaining;
  }

  Duration rest() {
    return settings.rest();
  }

  Duration grace() {
    return settings.grace();
  }

  /** Calls once after a delay, on the timer's thread. Without timer there is no delay to wait. */
  void after(Duration delay, Runnable task) {
    timer.ifPresent(clock -> clock.after(delay, task));
  }

  /** When an address that is freed now may be given again; empty: at once. */
  Optional<Instant> restUntil() {
    return settings.rest().isZero()
        ? Optional.empty()
        : timer.map(clock -> clock.instant().plus(settings.rest()));
  }

  /** How long until then; not negative. */
  Duration until(Instant end) {
    Duration left = timer.map(c -> Duration.between(c.instant(), end)).orElse(Duration.ZERO);
    return left.isNegative() ? Duration.ZERO : left;
  }

  CompletionStage<Void> append(List<Change> changes) {
    return journal.map(j -> j.append(changes)).orElse(CompletableFuture.completedFuture(null));
  }

  static Change bound(BindingKey key, Binding binding) {
    String text = BINDING + key.toText();
    return binding.isNothing() ? Change.remove(text) : Change.put(text, binding.toText());
  }

  static Change resting(IpPrefix block, Instant until) {
    return Change.put(REST + block, until.toString());
  }

  static Change rested(IpPrefix block) {
    return Change.remove(REST + block);
  }

  Map<BindingKey, Binding> formerBindings() {
    return former(BINDING, BindingKey::parse, Binding::parse);
  }

  Map<IpPrefix, Instant> formerRests() {
    return former(REST, IpPrefix::parse, Instant::parse);
  }

  private <K, V> Map<K, V> former(String kind, Function<String, K> key, Function<String, V> value) {
    Map<K, V> found = new HashMap<>();
    restored.forEach(
        (text, content) -> {
          if (text.startsWith(kind)) {
            parsed(text, text.substring(kind.length()), key)
                .ifPresent(k -> parsed(text, content, value).ifPresent(v -> found.put(k, v)));
          }
        });
    return found;
  }

  /** A record that this version does not understand must not keep an endpoint from starting. */
  private static <T> Optional<T> parsed(String what, String text, Function<String, T> parser) {
    try {
      return Optional.of(parser.apply(text));
    } catch (IllegalArgumentException | DateTimeParseException unknown) {
      LOG.warn("journal: {}: left out", what, unknown);
      return Optional.empty();
    }
  }

  private void remember(PrefixSource.State state) {
    if (state instanceof PrefixSource.Known known) {
      String words =
          known.prefixes().stream().map(IpPrefix::toString).collect(Collectors.joining(" "));
      var unused = append(List.of(Change.put(PREFIXES, words)));
    }
  }
}
