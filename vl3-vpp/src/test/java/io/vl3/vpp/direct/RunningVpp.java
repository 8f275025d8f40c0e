package io.vl3.vpp.direct;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A real VPP as a process of the test's own, in a directory of its own: the program that {@code
 * -Dvl3.vpp} names, with {@code vppctl} beside it and its plugins in {@code -Dvl3.vpp.plugins}.
 */
final class RunningVpp implements AutoCloseable {

  private static final String CONFIG =
      """
      unix { nodaemon cli-listen %1$s/cli.sock log %1$s/vpp.log runtime-dir %1$s poll-sleep-usec 100 }
      api-segment { prefix %2$s }
      socksvr { socket-name %1$s/api.sock }
      statseg { socket-name %1$s/stats.sock size 16m page-size 4k }
      memory { main-heap-size 200m main-heap-page-size 4k }
      buffers { buffers-per-numa 8192 page-size 4k }
      plugins { path %3$s plugin dpdk_plugin.so { disable } }
      """;

  private final Path directory;
  private final Path program = Path.of(System.getProperty("vl3.vpp"));
  private Process process;

  RunningVpp(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    process = start();
  }

  private Process start() throws IOException {
    Files.deleteIfExists(directory.resolve("cli.sock"));
    Files.deleteIfExists(socket());
    Path config = directory.resolve("startup.conf");
    String prefix = "vl3" + Integer.toHexString(directory.hashCode());
    Files.writeString(
        config, CONFIG.formatted(directory, prefix, System.getProperty("vl3.vpp.plugins")));
    return new ProcessBuilder(program.toString(), "-c", config.toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("out").toFile())
        .start();
  }

  /** The socket of its API. */
  Path socket() {
    return directory.resolve("api.sock");
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it by SIGKILL. */
  void kill() {
    close();
  }

  /** Starts it anew, with nothing in it. */
  void restart() throws IOException {
    process = start();
  }

  /** Whether an address answers one ping. */
  boolean reaches(String address) throws IOException, InterruptedException {
    return cli("ping " + address + " repeat 1 interval 0.05").contains("1 received");
  }

  /** What {@code vppctl} answers. */
  String cli(String command) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.addAll(List.of(program.resolveSibling("vppctl").toString(), "-s"));
    line.add(directory.resolve("cli.sock").toString());
    line.addAll(List.of(command.split(" ")));
    Process ctl =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .start();
    String answer = new String(ctl.getInputStream().readAllBytes(), UTF_8);
    ctl.waitFor();
    return answer;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
