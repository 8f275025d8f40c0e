package io.vl3.internal.threads;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How much processors are wanted on this machine, as Linux counts it: the time in which at least
 * one thread, of whatever process, was ready to run and had no processor. Thread-safe.
 *
 * @see <a href="https://docs.kernel.org/accounting/psi.html">Pressure stall information</a>
 */
public final class CpuPressure implements LongSupplier {

  private static final Path FILE = Path.of("/proc/pressure/cpu");
  private static final String LINE = "some ";
  private static final String TOTAL = " total=";

  private final Path file;

  /** Of this machine. */
  public CpuPressure() {
    this(FILE);
  }

  CpuPressure(Path file) {
    this.file = file;
  }

  /** In nanoseconds since the machine started; always 0 where the kernel does not count it. */
  @Override
  public long getAsLong() {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(LINE))
          .mapToLong(CpuPressure::total)
          .findFirst()
          .orElse(0);
    } catch (IOException | NumberFormatException notCounted) {
      return 0;
    }
  }

  private static long total(String line) {
    int at = line.indexOf(TOTAL);
    return at < 0
        ? 0
        : TimeUnit.MICROSECONDS.toNanos(Long.parseLong(line.substring(at + TOTAL.length())));
  }
}
