package io.vl3.cli.process;

import io.vl3.cli.assembly.SelfCommand;
import io.vl3.cli.config.read.Configs;
import io.vl3.linux.Netns;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pod of the original's chart with {@code vl3 run} in it: the chart's environment and nothing
 * else, its file where it mounts it, the workspace where the device plugin does. Names of other
 * pods and Services lead to the pod's loopback. A network and a mount namespace stand for it.
 */
final class OriginalsPod implements AutoCloseable {

  private static final List<String> NAMES =
      List.of("localhost", "nsmgr.nsm-system", "ipam-vl3-service.example.com", "jaeger.nsm-system");

  /** Everything that is mounted ends with the process. */
  private static final String ENTER =
      """
      set -e
      mount -t tmpfs none /run
      mount -t tmpfs none /var/lib
      mkdir /var/lib/networkservicemesh
      mount --bind "$1" /var/lib/networkservicemesh
      cp -a /etc /run/etc
      mkdir /run/etc/universal-cnf
      cp "$2/config.yaml" /run/etc/universal-cnf/
      cp "$2/hosts" /run/etc/
      mount --bind /run/etc /etc
      shift 2
      exec "$@"
      """;

  private final Netns netns;
  private final Path directory;
  private final Process process;

  private OriginalsPod(Netns netns, Path directory, Process process) {
    this.netns = netns;
    this.directory = directory;
    this.process = process;
  }

  /**
   * Starts it.
   *
   * @param netns the pod's
   * @param workspace what the manager has given
   * @param directory for its files and what it prints
   */
  static OriginalsPod start(Netns netns, Path workspace, Path directory) throws IOException {
    Files.writeString(
        directory.resolve("config.yaml"), Configs.resource("original-chart/config.yaml"));
    Files.writeString(directory.resolve("hosts"), "127.0.0.1 " + String.join(" ", NAMES) + "\n");

    List<String> line = new ArrayList<>(List.of("ip", "netns", "exec"));
    line.add(String.valueOf(netns.path().getFileName()));
    line.addAll(List.of("unshare", "--mount", "sh", "-c", ENTER, "pod"));
    line.addAll(List.of(workspace.toString(), directory.toString()));
    line.addAll(SelfCommand.line(List.of("run")));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("run.log").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", System.getenv("PATH"));
    builder.environment().putAll(environment());
    return new OriginalsPod(netns, directory, builder.start());
  }

  private static Map<String, String> environment() throws IOException {
    Map<String, String> all = new HashMap<>();
    Configs.resource("original-chart/environment")
        .lines()
        .map(line -> line.split("=", 2))
        .forEach(pair -> all.put(pair[0], pair[1]));
    return all;
  }

  /** What it has printed. */
  String output() throws IOException {
    return Files.readString(directory.resolve("run.log"));
  }

  /** What another {@code vl3} command in the pod prints, and its exit code in a last line. */
  String command(String... arguments) throws Exception {
    List<String> line =
        new ArrayList<>(List.of("nsenter", "--target", "" + process.pid(), "--mount", "--net"));
    line.addAll(SelfCommand.line(List.of(arguments)));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().putAll(environment());
    Process command = builder.start();
    command.getOutputStream().close();
    String printed = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return printed + "exit " + command.waitFor() + "\n";
  }

  /** The figures at the chart's port. */
  String figures() throws Exception {
    return netns.call(
        () -> {
          try (InputStream in = URI.create("http://127.0.0.1:2112/metrics").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
          }
        });
  }

  /** Asks it to end as Kubernetes does; answers with its exit code. */
  int stop() throws InterruptedException {
    process.destroy();
    return process.waitFor();
  }

  @Override
  public void close() {
    var unused = process.destroyForcibly().onExit().join();
  }
}
