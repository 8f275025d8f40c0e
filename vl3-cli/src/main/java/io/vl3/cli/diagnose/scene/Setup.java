package io.vl3.cli.diagnose.scene;

import io.vl3.cli.CliException;
import io.vl3.cli.config.NsmConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.read.ConfigFile;
import io.vl3.cli.config.read.Overrides;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a process was given, or would be.
 *
 * @param name of the configuration, for people
 * @param nses the configuration of NSEs; empty: it has none
 * @param nsm which manager it talks to; empty: that cannot be known
 * @param mistakes of the configuration, as `vl3 run` tells them; empty text: none
 */
public record Setup(
    String name, Optional<Vl3Config> nses, Optional<NsmConfig> nsm, String mistakes) {

  static final Setup UNKNOWN = new Setup("", Optional.empty(), Optional.empty(), "");

  /** The setup that a file would give `vl3 run`. */
  public static Setup ofFile(Path file, Map<String, String> environment, Overrides overrides) {
    try {
      Vl3Config config = ConfigFile.load(file, environment, overrides);
      return new Setup(file.toString(), Optional.of(config), Optional.of(config.nsm()), "");
    } catch (CliException mistaken) {
      return wrong(file.toString(), mistaken);
    }
  }

  /**
   * What a process was started with, by its command line, its variables, and the file that they
   * name as it is now; empty if it is no vl3 process that can be looked at.
   */
  static Setup ofProcess(KernelFiles kernel, long pid, String command) {
    List<String> words = kernel.words("proc/%d/cmdline".formatted(pid));
    int at = words.indexOf(command);
    if (at < 0) {
      return UNKNOWN;
    }
    StartOptions options = StartOptions.of(words.subList(at + 1, words.size()));
    Map<String, String> environment = environment(kernel, pid);
    Path here = Path.of("/proc/%d/cwd".formatted(pid));
    if (command.equals("run")) {
      return ofFile(
          options.file().map(here::resolve).orElse(ConfigFile.STANDARD),
          environment,
          options.overrides());
    }
    return ofClient(options.file().map(here::resolve), environment, options.overrides());
  }

  private static Setup ofClient(
      Optional<Path> file, Map<String, String> environment, Overrides overrides) {
    String name = file.map(Path::toString).orElse("");
    try {
      NsmConfig nsm = ConfigFile.loadClient(file, environment, overrides).nsm();
      return new Setup(name, Optional.empty(), Optional.of(nsm), "");
    } catch (CliException mistaken) {
      return wrong(name, mistaken);
    }
  }

  private static Setup wrong(String name, CliException mistaken) {
    return new Setup(name, Optional.empty(), Optional.empty(), mistaken.getMessage());
  }

  private static Map<String, String> environment(KernelFiles kernel, long pid) {
    Map<String, String> environment = new HashMap<>();
    for (String variable : kernel.words("proc/%d/environ".formatted(pid))) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        environment.put(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    return environment;
  }
}
