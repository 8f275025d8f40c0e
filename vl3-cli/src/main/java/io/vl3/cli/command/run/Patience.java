package io.vl3.cli.command.run;

import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.assembly.Termination;
import io.vl3.cli.config.text.Parsers;
import io.vl3.failure.EndpointException;
import io.vl3.linux.Netns;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Waits until namespaces are attached, for a time or for ever. Thread-safe. */
final class Patience {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final Optional<Duration> timeout;
  private final Set<Netns> attached = ConcurrentHashMap.newKeySet();
  private final Map<Netns, EndpointException> reasons = new ConcurrentHashMap<>();

  /**
   * Patience.
   *
   * @param timeout how long to wait for all together; empty: nobody waits
   */
  Patience(Optional<Duration> timeout) {
    this.timeout = timeout;
  }

  void attached(Netns netns) {
    attached.add(netns);
  }

  void failed(Netns netns, EndpointException reason) {
    reasons.put(netns, reason);
  }

  /**
   * Waits until all are attached, or the process is asked to end.
   *
   * @throws CliException if one is not when the time is over, with the last reason
   */
  void await(Set<Netns> wanted, Termination termination) throws InterruptedException {
    if (timeout.isEmpty()) {
      return;
    }
    long end = System.nanoTime() + timeout.get().toNanos();
    while (!attached.containsAll(wanted)) {
      if (System.nanoTime() >= end) {
        throw late(wanted, timeout.get());
      }
      if (termination.await(LOOK_AGAIN)) {
        return;
      }
    }
  }

  private CliException late(Set<Netns> wanted, Duration waited) {
    Netns first =
        wanted.stream().filter(netns -> !attached.contains(netns)).findFirst().orElseThrow();
    Optional<EndpointException> reason = Optional.ofNullable(reasons.get(first));
    return new CliException(
        reason.map(failure -> ExitCode.of(failure.reason())).orElse(ExitCode.UNREACHABLE),
        "%s: not attached within %s: %s"
            .formatted(
                first.path().getFileName(),
                Parsers.time(waited),
                reason.map(EndpointException::getMessage).orElse("no answer")),
        "");
  }
}
