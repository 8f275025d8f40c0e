package io.vl3.cli.reload;

import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.Vl3Config;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A setting of the configuration, and how it changes while the process runs.
 *
 * @param path its path in the file, {@code []} for each endpoint
 * @param change how it changes
 * @param values what it is set to, by path; one for each endpoint, which stands in the path then
 */
public record Setting(String path, Change change, Function<Vl3Config, Map<String, String>> values) {

  /** How a setting changes. */
  public enum Change {
    /** The NSE is started anew within the process, and keeps its connections and links. */
    LIVE("yes"),
    /** The same, but a workload keeps what it was told before until it is attached anew. */
    LIVE_TO_ADD("yes; what is taken away, for new workloads"),
    /** The same, and who has an address that is excluded now is given another. */
    LIVE_MOVING("yes; who has such an address is moved"),
    /** The program is started anew; links stay, and addresses as far as the setting says so. */
    RESTART("with `vl3 restart`"),
    /** It has no effect at all. */
    NONE("no effect");

    private final String word;

    Change(String word) {
      this.word = word;
    }

    /** As the reference has it. */
    public String word() {
      return word;
    }

    /** Whether it changes while the process runs. */
    public boolean isLive() {
      return this != RESTART && this != NONE;
    }
  }

  /** A setting of the process. */
  static Setting of(String path, Change change, Function<Vl3Config, Object> value) {
    return new Setting(path, change, config -> Map.of(path, text(value.apply(config))));
  }

  /** A setting of each endpoint. */
  static Setting ofEach(String path, Change change, Function<EndpointConfig, Object> value) {
    return new Setting(
        path,
        change,
        config -> {
          SortedMap<String, String> all = new TreeMap<>();
          config
              .endpoints()
              .forEach(nse -> all.put(named(path, nse.name()), text(value.apply(nse))));
          return all;
        });
  }

  private static String named(String path, String endpoint) {
    return path.replace("[]", "[" + endpoint + "]");
  }

  private static String text(Object value) {
    Object shown = value instanceof Map<?, ?> map ? new TreeMap<>(map) : value;
    return String.valueOf(shown)
        .replaceFirst("^Optional\\[(.*)]$", "$1")
        .replaceFirst("^Optional(Int)?\\.empty$", "none");
  }
}
