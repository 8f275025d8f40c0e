package io.vl3.linux.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The capabilities of this process (capabilities(7)). */
public final class Capabilities {

  private static final int NET_ADMIN = 12;
  private static final int SYS_ADMIN = 21;

  private Capabilities() {}

  /** Whether the process has both CAP_NET_ADMIN and CAP_SYS_ADMIN, which namespaces need. */
  public static boolean networkAndSystemAdmin() {
    long effective = effective();
    return (effective >>> NET_ADMIN & effective >>> SYS_ADMIN & 1) == 1;
  }

  private static long effective() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("CapEff:"))
          .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
          .findFirst()
          .orElse(0);
    } catch (IOException notLinux) {
      return 0;
    }
  }
}
