package io.vl3.linux;

import io.vl3.linux.internal.Capabilities;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Whether, and how, this process may create network namespaces. */
public final class UserNamespace {

  /** Set to 1 in the environment of a command that {@link #command} wrapped. */
  public static final String ENTERED = "VL3_IN_USER_NAMESPACE";

  private static final long TIMEOUT_SECONDS = 10;

  private UserNamespace() {}

  /** The process's ability to make network namespaces. */
  public sealed interface Ability {

    /** It may create them. */
    record Direct() implements Ability {}

    /** It may, once started again by {@link UserNamespace#command}. */
    record ByReexec(String reason) implements Ability {}

    /**
     * It may not.
     *
     * @param reason why
     * @param remedy the command that installs or allows what is missing
     */
    record None(String reason, String remedy) implements Ability {}
  }

  /** Finds out; may run a short-lived process. */
  public static Ability detect() {
    if (!onPath("ip")) {
      return new Ability.None(
          "ip: not found (expected: iproute2 on the PATH)", "apt-get install -y iproute2");
    }
    if (Capabilities.networkAndSystemAdmin()) {
      return new Ability.Direct();
    }
    if (!onPath("unshare")) {
      return new Ability.None(
          "user: without CAP_NET_ADMIN and CAP_SYS_ADMIN (expected: both, or unshare on the PATH)",
          "apt-get install -y util-linux, or let the container have both capabilities");
    }
    return unshareWorks()
        ? new Ability.ByReexec("user: not root (a user namespace is entered instead)")
        : new Ability.None(
            "user: not root, and the kernel refuses user namespaces (expected: either)",
            "sudo sysctl -w kernel.unprivileged_userns_clone=1"
                + " kernel.apparmor_restrict_unprivileged_userns=0");
  }

  /**
   * The command that runs the given one as root of a fresh user, network and mount namespace, with
   * an empty {@code /run} of its own.
   */
  public static List<String> command(List<String> command) {
    List<String> wrapped =
        new ArrayList<>(
            List.of(
                "unshare",
                "-Urnm",
                "sh",
                "-c",
                "mount -t tmpfs tmpfs /run && ip link set lo up && export %s=1 && exec \"$@\""
                    .formatted(ENTERED),
                "vl3"));
    wrapped.addAll(command);
    return wrapped;
  }

  private static boolean onPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    for (String directory : path.split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }

  private static boolean unshareWorks() {
    try {
      Process process =
          new ProcessBuilder(command(List.of("true")))
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start();
      try {
        return process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
