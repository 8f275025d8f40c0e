package io.vl3.cli.config.read;

import io.vl3.cli.config.file.Section;
import io.vl3.cli.config.mistake.Mistake;
import io.vl3.cli.config.mistake.Mistakes;
import io.vl3.cli.config.mistake.Position;
import io.vl3.cli.config.variables.Environment;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Reads times of the section {@code nsm}, each of which a variable overrides. */
public final class Times {

  private final Environment environment;
  private final Section nsm;
  private final Mistakes mistakes;

  public Times(Environment environment, Section nsm, Mistakes mistakes) {
    this.environment = environment;
    this.nsm = nsm;
    this.mistakes = mistakes;
  }

  /** The variable's value, else the file's; empty if neither is set, or one is wrong. */
  public Optional<Given> read(String key, String variable, Function<String, Duration> parser) {
    Optional<Given> file =
        nsm.text(key, parser)
            .map(f -> new Given(f.path(), Optional.of(f.at()), f.shown(), f.value()));
    Optional<Given> set =
        environment
            .text(variable, parser)
            .map(v -> new Given(variable, Optional.empty(), shown(variable), v));
    return set.or(() -> file);
  }

  public void refuse(Given time, String expected) {
    mistakes.add(new Mistake(time.at, time.subject, time.shown, expected));
  }

  public void note(Given time, String consequence) {
    mistakes.note("%s: %s: %s".formatted(time.subject, time.shown, consequence));
  }

  private String shown(String variable) {
    return environment.raw(variable).orElse("");
  }

  /**
   * A time that somebody set.
   *
   * @param subject the key's path or the variable
   * @param at where in the file; empty for a variable
   * @param shown as written
   */
  record Given(String subject, Optional<Position> at, String shown, Duration value) {}
}
