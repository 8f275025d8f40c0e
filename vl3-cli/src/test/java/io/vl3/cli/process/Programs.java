package io.vl3.cli.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Programs that nobody here wrote, each with its output in a file. */
final class Programs {

  private Programs() {}

  /** Starts one; its output is added to the file. */
  static Process start(Path log, String... line) throws IOException {
    Process process =
        new ProcessBuilder(line)
            .directory(log.toAbsolutePath().getParent().toFile())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()))
            .start();
    process.getOutputStream().close();
    return process;
  }

  /** Ends one and waits until it is gone: asked, and killed if it does not heed, or killed. */
  static void end(@Nullable Process process, boolean killed) throws InterruptedException {
    if (process == null) {
      return;
    }
    if (!killed) {
      process.destroy();
    }
    if (killed || !process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  /** Kills one, and does not wait. */
  static void destroy(@Nullable Process process) {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
