package io.vl3.admin;

import io.vl3.api.admin.v1.Diagnostics;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** This process from inside: where its threads are, and how much it uses. */
final class ProcessDiagnostics {

  /** A message is to stay well below what a client takes. */
  private static final int MOST_CHARACTERS = 1 << 20;

  private ProcessDiagnostics() {}

  /** As of now; stops the process for the moment that the stacks take. */
  static Diagnostics now() {
    return Diagnostics.newBuilder().setThreads(threads()).putAllFigures(figures()).build();
  }

  private static String threads() {
    StringBuilder text = new StringBuilder();
    ThreadInfo[] all = ManagementFactory.getThreadMXBean().dumpAllThreads(true, true);
    for (ThreadInfo thread : all) {
      if (thread != null && text.length() < MOST_CHARACTERS) {
        append(text, thread);
      }
    }
    return text.length() < MOST_CHARACTERS
        ? text.toString()
        : text.substring(0, MOST_CHARACTERS) + "\n...\n";
  }

  /** Whole stacks, which the text of a {@code ThreadInfo} itself cuts after eight frames. */
  private static void append(StringBuilder text, ThreadInfo thread) {
    text.append(
        "\"%s\" %d %s%s%n"
            .formatted(
                thread.getThreadName(),
                thread.getThreadId(),
                thread.getThreadState(),
                thread.getLockName() == null
                    ? ""
                    : " on %s held by %s"
                        .formatted(thread.getLockName(), thread.getLockOwnerName())));
    Stream.of(thread.getStackTrace())
        .forEach(frame -> text.append("    at ").append(frame).append('\n'));
    text.append('\n');
  }

  private static Map<String, Double> figures() {
    Map<String, Double> figures = new TreeMap<>();
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    figures.put("heap-used-bytes", (double) heap.getUsed());
    figures.put("heap-committed-bytes", (double) heap.getCommitted());
    figures.put("heap-max-bytes", (double) heap.getMax());
    MemoryUsage rest = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
    figures.put("non-heap-used-bytes", (double) rest.getUsed());
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      figures.merge("collections", (double) collector.getCollectionCount(), Double::sum);
      figures.merge("collection-seconds", collector.getCollectionTime() / 1e3, Double::sum);
    }
    figures.put("threads", (double) ManagementFactory.getThreadMXBean().getThreadCount());
    figures.put("uptime-seconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1e3);
    ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .map(Duration::toMillis)
        .ifPresent(millis -> figures.put("cpu-seconds", millis / 1e3));
    return figures;
  }
}
