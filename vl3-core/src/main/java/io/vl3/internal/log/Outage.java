package io.vl3.internal.log;

import io.vl3.health.HealthCode;
import io.vl3.health.Reporter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;

/**
 * Something that is needed and perhaps away, and is tried again until it is there. Why is logged
 * once for each cause, and its end once, with how long it took: both with WARN, so that no
 * threshold keeps one without the other. Thread-safe.
 */
public final class Outage {

  /** Times and counts differ with each attempt and make no new cause. */
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  /** Causes logged of one outage; who words each attempt anew is not logged for ever. */
  private static final int MOST = 20;

  private final Consumer<String> loud;
  private final Consumer<String> quiet;
  private final InstantSource clock;
  private final Reported reported;
  private final Set<String> logged = new HashSet<>();
  private Optional<Instant> begun = Optional.empty();

  /**
   * Nothing is away yet.
   *
   * @param clock tells how long it was away
   */
  public Outage(Logger log, InstantSource clock) {
    this(line -> log.warn("{}", line), line -> log.debug("{}", line), clock);
  }

  /**
   * One whose lines go elsewhere than to a log.
   *
   * @param loud takes the first line of each cause, and the end
   * @param quiet takes what only repeats a cause
   */
  public Outage(Consumer<String> loud, Consumer<String> quiet, InstantSource clock) {
    this(loud, quiet, clock, Reported.NONE);
  }

  private Outage(
      Consumer<String> loud, Consumer<String> quiet, InstantSource clock, Reported reported) {
    this.loud = loud;
    this.quiet = quiet;
    this.clock = clock;
    this.reported = reported;
  }

  /**
   * The same, nothing being away yet, whose beginning, causes and end are reported too.
   *
   * @param subject what it is about, as {@link Reporter#trouble} takes it
   */
  public Outage reportedTo(Reporter reporter, HealthCode code, String subject) {
    return new Outage(loud, quiet, clock, new Reported(reporter, code, subject));
  }

  /** An attempt failed, for what the line says. */
  public void failed(String line) {
    if (isNew(NUMBER.matcher(line).replaceAll("0"))) {
      loud.accept(line);
      reported.began(line);
    } else {
      quiet.accept(line);
    }
  }

  /** It is there: the line is logged, with the time that it took, if a failure was. */
  public void ended(String line) {
    ended(line, clock.instant());
  }

  /**
   * It has been there for a while, by which it is known to stay: otherwise as {@link
   * #ended(String)}.
   *
   * @param since when it was there again
   */
  public void ended(String line, Instant since) {
    clear(since).map(took -> line + inWords(took)).ifPresent(this::tellEnd);
  }

  private void tellEnd(String line) {
    loud.accept(line);
    reported.ended(line);
  }

  /** Whether a failure was logged, and no end since. */
  public synchronized boolean isOn() {
    return begun.isPresent();
  }

  private synchronized boolean isNew(String cause) {
    begun = begun.or(() -> Optional.of(clock.instant()));
    return logged.size() < MOST && logged.add(cause);
  }

  private synchronized Optional<Duration> clear(Instant end) {
    Optional<Duration> took = begun.map(from -> Duration.between(from, end));
    begun = Optional.empty();
    logged.clear();
    return took;
  }

  /** To a tenth of a second below a minute, then in seconds. */
  private static String inWords(Duration took) {
    return took.toSeconds() < 60
        ? " after %d.%d s".formatted(took.toSeconds(), took.toMillisPart() / 100)
        : " after %d s".formatted(took.toSeconds());
  }

  /** To whom it is reported, and as what. */
  private record Reported(Reporter reporter, HealthCode code, String subject) {

    static final Reported NONE = new Reported(Reporter.NONE, HealthCode.PEER_DOWN, "");

    void began(String line) {
      reporter.trouble(code, subject, line);
    }

    void ended(String line) {
      reporter.over(code, subject, line);
    }
  }
}
