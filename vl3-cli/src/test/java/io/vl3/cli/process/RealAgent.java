package io.vl3.cli.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A real vpp-agent of a VPP, started from the program that {@code -Dvl3.vppagent.program} names.
 */
final class RealAgent implements AutoCloseable {

  private final Path directory;
  private final int port;
  private @Nullable Process process;

  /**
   * An agent that runs.
   *
   * @param port where it serves; its HTTP server has the port 1000 above
   */
  RealAgent(Path directory, String name, int port, RealVpp vpp) throws IOException {
    this.directory = Files.createDirectories(directory.resolve("agent-" + name));
    this.port = port;
    write("grpc.conf", "endpoint: 127.0.0.1:%d\n".formatted(port));
    write("http.conf", "endpoint: 127.0.0.1:%d\n".formatted(port + 1000));
    write(
        "govpp.conf",
        """
        binapi-socket-path: %s
        stats-socket-path: %s
        retry-connect-count: 100000
        retry-connect-timeout: 200000000
        health-check-reply-timeout: 3000000000
        """
            .formatted(vpp.socket(), vpp.statistics()));
    start();
  }

  /** Starts it; it needs its VPP to be there. */
  void start() throws IOException {
    process =
        Programs.start(
            directory.resolve("agent.out"),
            System.getProperty("vl3.vppagent.program"),
            "-config-dir=" + directory);
  }

  /** Starts it again if it has ended by itself, as a supervisor does. */
  void keep() throws IOException {
    if (process == null || !process.isAlive()) {
      start();
    }
  }

  /** Where it serves. */
  int port() {
    return port;
  }

  /** Ends it, asked or killed. */
  void end(boolean killed) throws InterruptedException {
    Programs.end(process, killed);
  }

  @Override
  public void close() {
    Programs.destroy(process);
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
  }
}
