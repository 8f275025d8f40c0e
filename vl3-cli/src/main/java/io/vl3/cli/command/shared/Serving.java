package io.vl3.cli.command.shared;

import io.vl3.cli.ExitCode;
import io.vl3.cli.assembly.Termination;
import io.vl3.failure.EndpointException;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.Function;

/** What commands share that serve until they are asked to end. */
public final class Serving {

  private Serving() {}

  /** Starts a server. */
  @FunctionalInterface
  public interface Start<S extends Closeable> {
    /** Starts to serve. */
    S start() throws EndpointException, IOException;
  }

  /**
   * Starts a server, prints a line about it, and closes it when the process is asked to end.
   *
   * @return the exit code
   */
  public static <S extends Closeable> int untilAsked(
      PrintWriter out, Start<S> start, Function<S, String> line)
      throws EndpointException, IOException {
    try (Termination termination = Termination.listen();
        S server = start.start()) {
      out.println(line.apply(server));
      out.flush();
      termination.await();
      return ExitCode.OK.value();
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED.value();
    }
  }
}
