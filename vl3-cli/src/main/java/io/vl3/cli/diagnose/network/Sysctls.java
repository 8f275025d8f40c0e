package io.vl3.cli.diagnose.network;

import io.vl3.cli.diagnose.scene.KernelFiles;
import io.vl3.cli.diagnose.scene.Site;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** The settings {@code /proc/sys/net} of one namespace: those of the thread that reads them. */
final class Sysctls {

  private static final String DIRECTORY = "proc/sys/net/";

  private final Map<String, String> values;

  private Sysctls(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Reads some settings of a namespace.
   *
   * @param settings as in {@code ipv4/ip_forward}; {@code *} stands for each interface
   */
  static Sysctls of(Site site, KernelFiles kernel, List<String> settings) throws IOException {
    Callable<Sysctls> reading = () -> here(kernel, settings);
    try {
      return site.netns().call(reading);
    } catch (IOException | RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IOException(failure);
    }
  }

  private static Sysctls here(KernelFiles kernel, List<String> settings) {
    Map<String, String> values = new TreeMap<>();
    for (String setting : settings) {
      int star = setting.indexOf('*');
      if (star < 0) {
        note(kernel, setting, values);
      } else {
        for (String name : kernel.list(DIRECTORY + setting.substring(0, star))) {
          note(kernel, setting.replace("*", name), values);
        }
      }
    }
    return new Sysctls(values);
  }

  private static void note(KernelFiles kernel, String setting, Map<String, String> values) {
    kernel.read(DIRECTORY + setting).ifPresent(value -> values.put(setting, value));
  }

  Optional<String> get(String setting) {
    return Optional.ofNullable(values.get(setting));
  }

  /** All of them, sorted by name. */
  Map<String, String> all() {
    return values;
  }
}
