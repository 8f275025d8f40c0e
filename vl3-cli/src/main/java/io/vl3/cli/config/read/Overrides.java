package io.vl3.cli.config.read;

import java.util.Optional;

/**
 * Command line options that beat the file and the variables; each may be absent.
 *
 * @param name the endpoint's own name
 * @param prefixIndex which prefix of the pool is its own
 * @param connectTo the manager's URL
 * @param listenOn where the manager reaches us
 * @param runDirectory the run directory
 */
public record Overrides(
    Optional<String> name,
    Optional<String> prefixIndex,
    Optional<String> connectTo,
    Optional<String> listenOn,
    Optional<String> runDirectory) {

  /** No option given. */
  public static final Overrides NONE =
      new Overrides(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** These options with a name. */
  public Overrides withName(String text) {
    return new Overrides(Optional.of(text), prefixIndex, connectTo, listenOn, runDirectory);
  }

  /** These options with which prefix of the pool is the endpoint's own. */
  public Overrides withPrefixIndex(String text) {
    return new Overrides(name, Optional.of(text), connectTo, listenOn, runDirectory);
  }

  /** These options with the manager's URL, or with none. */
  public Overrides withConnectTo(Optional<String> url) {
    return new Overrides(name, prefixIndex, url, listenOn, runDirectory);
  }

  /** These options with the run directory. */
  public Overrides withRunDirectory(String text) {
    return new Overrides(name, prefixIndex, connectTo, listenOn, Optional.of(text));
  }
}
