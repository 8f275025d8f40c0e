package io.vl3.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Counts the descriptors of this process that hold given files; the kernel is the witness. */
public final class OpenDescriptors {

  private OpenDescriptors() {}

  /** What the descriptors of this process that lead below a directory hold. */
  public static List<Path> below(Path directory) {
    List<Path> held = new ArrayList<>();
    try (var all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path each : all) {
        Path target = target(each);
        if (target.startsWith(directory)) {
          held.add(target);
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return held;
  }

  /** Waits until no descriptor leads below a directory. */
  public static void assertNoneBelow(Path directory) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!below(directory).isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    assertThat(below(directory)).isEmpty();
  }

  private static Path target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor);
    } catch (IOException closedMeanwhile) {
      return Path.of("/");
    }
  }
}
