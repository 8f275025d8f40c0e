package io.vl3.vpp.direct;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What something took.
 *
 * @param clock milliseconds by the clock
 * @param processor milliseconds of processor time, by who spent them
 */
record Cost(double clock, Map<String, Double> processor) {

  /** A jiffy is 10 ms (USER_HZ). */
  private static final double JIFFY = 10;

  /**
   * What was spent so far.
   *
   * @param processes numbers of others' processes, by what they are called
   */
  static Cost now(Map<String, Long> processes) throws IOException {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    Map<String, Double> processor = new TreeMap<>();
    processor.put("this JVM", system.getProcessCpuTime() / 1e6);
    for (Map.Entry<String, Long> process : processes.entrySet()) {
      processor.put(process.getKey(), JIFFY * jiffies(process.getValue()));
    }
    return new Cost(System.nanoTime() / 1e6, processor);
  }

  /** User and system time: words 14 and 15 of {@code /proc/PID/stat}, after a name in brackets. */
  private static long jiffies(long process) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(process), "stat"));
    String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(words[11]) + Long.parseLong(words[12]);
  }

  Cost since(Cost before) {
    Map<String, Double> spent = new TreeMap<>();
    processor.forEach((who, until) -> spent.put(who, until - before.processor.get(who)));
    return new Cost(clock - before.clock, spent);
  }

  /** Processor time of all but some. */
  double without(Set<String> some) {
    return processor.entrySet().stream()
        .filter(entry -> !some.contains(entry.getKey()))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  @Override
  public String toString() {
    return processor.entrySet().stream()
        .map(entry -> "%s %.0f ms".formatted(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(", ", "%.0f ms; processor: ".formatted(clock), ""));
  }
}
