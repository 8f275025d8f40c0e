package io.vl3.cli.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The processor time of a JVM, its compilers' beside all others', from Linux's /proc. */
final class ThreadTimes {

  private static final String COMPILERS = "compilers";
  private static final String OTHERS = "others";
  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;
  private static final long MILLIS_PER_TICK = 10;

  private final long pid;

  private ThreadTimes(long pid) {
    this.pid = pid;
  }

  /** The process that has the text in its command line. */
  static ThreadTimes ofProcess(String argument) {
    return new ThreadTimes(
        ProcessHandle.allProcesses()
            .filter(process -> commandLine(process).contains(argument))
            .mapToLong(ProcessHandle::pid)
            .findFirst()
            .orElseThrow());
  }

  /** The command line, whole: the JDK cuts a long one. */
  static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"));
    } catch (IOException gone) {
      return "";
    }
  }

  /** Milliseconds until now, by kind of thread; the compilers', which come and go, are the rest. */
  Map<String, Long> now() throws IOException {
    long others = 0;
    for (Path thread : threads()) {
      try {
        String stat = Files.readString(thread.resolve("stat"));
        others += stat.contains("CompilerThre") ? 0 : millis(stat);
      } catch (NoSuchFileException ended) {
        // Its time is among the rest.
      }
    }
    long all = millis(Files.readString(Path.of("/proc", String.valueOf(pid), "stat")));
    return new TreeMap<>(Map.of(OTHERS, others, COMPILERS, all - others));
  }

  /** The milliseconds that were added since. */
  Map<String, Long> since(Map<String, Long> before) throws IOException {
    Map<String, Long> times = now();
    before.forEach((kind, millis) -> times.merge(kind, -millis, Long::sum));
    return times;
  }

  private List<Path> threads() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
      return all.toList();
    }
  }

  private static long millis(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return MILLIS_PER_TICK
        * (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]));
  }
}
