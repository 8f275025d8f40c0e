package io.vl3.cli.command.shared;

import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.assembly.SelfCommand;
import io.vl3.cli.assembly.Termination;
import io.vl3.linux.UserNamespace;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** The privileges of commands that make network namespaces. */
public final class Privilege {

  private static final long LOOK_AGAIN_MILLIS = 100;

  private Privilege() {}

  /**
   * Makes sure that namespaces can be made; as an ordinary user by running the same command line in
   * a user namespace, where nothing outside is seen or touched.
   *
   * @param arguments the whole command line
   * @return the exit code of that run; empty if this process may go on
   * @throws CliException if namespaces cannot be made
   */
  public static OptionalInt orRunInUserNamespace(List<String> arguments) {
    UserNamespace.Ability ability = UserNamespace.detect();
    if (ability instanceof UserNamespace.Ability.None none) {
      throw new CliException(ExitCode.FAILED, none.reason(), none.remedy());
    }
    if (ability instanceof UserNamespace.Ability.ByReexec) {
      return OptionalInt.of(reexecute(arguments));
    }
    return OptionalInt.empty();
  }

  /**
   * As {@link #orRunInUserNamespace}, for a command whose work in a namespace of its own nobody
   * would see.
   */
  public static void require() {
    UserNamespace.Ability ability = UserNamespace.detect();
    if (ability instanceof UserNamespace.Ability.None none) {
      throw new CliException(ExitCode.FAILED, none.reason(), none.remedy());
    }
    if (ability instanceof UserNamespace.Ability.ByReexec) {
      throw new CliException(
          ExitCode.FAILED,
          "user: not root (expected: the right to change network namespaces)",
          "Run it as root, or start a shell with `unshare -Urnm` and mount a tmpfs on /run.");
    }
  }

  private static int reexecute(List<String> arguments) {
    try (Termination termination = Termination.listen()) {
      Process process =
          new ProcessBuilder(UserNamespace.command(SelfCommand.line(arguments)))
              .inheritIO()
              .start();
      while (!process.waitFor(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
        if (termination.isAsked()) {
          process.destroy();
        }
      }
      return process.exitValue();
    } catch (IOException failure) {
      throw new CliException(
          ExitCode.FAILED, "user namespace: " + failure.getMessage(), "", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED.value();
    }
  }
}
