package io.vl3.cli.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A real VPP in a directory of its own, started from the program that {@code -Dvl3.vpp} names, with
 * {@code vppctl} beside it and its plugins in {@code -Dvl3.vpp.plugins}.
 */
final class RealVpp implements AutoCloseable {

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

  private static final long SETTLED_MILLIS = 500;

  private static final Pattern PREFIX = Pattern.compile("^([0-9a-f.:]+/[0-9]+)");
  private static final Pattern OVER = Pattern.compile("via \\S+ (memif\\S+): mtu");
  private static final Pattern INTERFACE = Pattern.compile("^interface (memif\\S+)");
  private static final Pattern COUNTED = Pattern.compile("^(memif\\S+)\\s");
  private static final Pattern RECEIVED = Pattern.compile("rx packets\\s+([0-9]+)");
  private static final Pattern SOCKET_OF = Pattern.compile("socket-id ([0-9]+)");
  private static final Pattern SOCKET = Pattern.compile("^\\s*([0-9]+)\\s.*\\s(/\\S+)$");

  private final Path directory;
  private final Path program = Path.of(System.getProperty("vl3.vpp"));
  private final String name;
  private @Nullable Process process;

  /** A VPP that runs. */
  RealVpp(Path directory, String name) throws IOException {
    this.directory = Files.createDirectories(directory.resolve("vpp-" + name));
    this.name = name;
    start();
  }

  /** Starts it, empty. */
  void start() throws IOException {
    Files.deleteIfExists(directory.resolve("cli.sock"));
    Files.deleteIfExists(socket());
    Path config = directory.resolve("startup.conf");
    Files.writeString(
        config,
        CONFIG.formatted(
            directory,
            "vl3" + Integer.toHexString(directory.hashCode()),
            System.getProperty("vl3.vpp.plugins")));
    process = Programs.start(directory.resolve("vpp.out"), program.toString(), "-c", "" + config);
  }

  /** The socket of its binary API. */
  Path socket() {
    return directory.resolve("api.sock");
  }

  /** The socket of its counters. */
  Path statistics() {
    return directory.resolve("stats.sock");
  }

  /** Waits until it answers; one that ends while it starts is started again, as by a supervisor. */
  void await() throws Exception {
    Wait.until(
        () -> "VPP " + name,
        () -> {
          if (process == null || !process.isAlive()) {
            start();
          }
          // Asked for a line before it serves its API, VPP may end.
          return Files.exists(socket()) && isSettled() && !cli("show version").isEmpty();
        });
  }

  private boolean isSettled() throws IOException {
    long made = Files.getLastModifiedTime(socket()).toMillis();
    return System.currentTimeMillis() - made > SETTLED_MILLIS;
  }

  /** Ends it, asked or killed. */
  void end(boolean killed) throws InterruptedException {
    Programs.end(process, killed);
  }

  /** What {@code vppctl} answers; empty if VPP is away. */
  String cli(String command) {
    List<String> line = new ArrayList<>();
    line.addAll(List.of(program.resolveSibling("vppctl").toString(), "-s"));
    line.add(directory.resolve("cli.sock").toString());
    line.addAll(List.of(command.split(" ")));
    try {
      Process ctl =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectInput(new File("/dev/null"))
              .start();
      String answer = new String(ctl.getInputStream().readAllBytes(), UTF_8).replace("\r", "");
      return ctl.waitFor(10, TimeUnit.SECONDS) && !answer.contains("connect: ") ? answer : "";
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Where its FIBs send packets over memifs: sockets by prefix, read from VPP itself. */
  Map<String, Set<String>> routes(String family) {
    Map<String, String> sockets = sockets();
    Map<String, Set<String>> routes = new LinkedHashMap<>();
    String prefix = "";
    for (String line : cli("show " + family + " fib").lines().toList()) {
      Matcher begin = PREFIX.matcher(line);
      prefix = begin.find() ? begin.group(1) : prefix;
      Matcher over = OVER.matcher(line);
      if (over.find()) {
        routes
            .computeIfAbsent(prefix, none -> new TreeSet<>())
            .add(sockets.getOrDefault(over.group(1), over.group(1)));
      }
    }
    return routes;
  }

  /** How many packets each memif has received since it was made. */
  Map<String, Long> received() {
    Map<String, Long> received = new LinkedHashMap<>();
    String face = "";
    for (String line : cli("show interface").lines().toList()) {
      Matcher begin = COUNTED.matcher(line);
      face = begin.find() ? begin.group(1) : line.startsWith(" ") ? face : "";
      Matcher packets = RECEIVED.matcher(line);
      if (!face.isEmpty() && packets.find()) {
        received.put(face, Long.parseLong(packets.group(1)));
      }
    }
    return received;
  }

  /** The socket of each memif. */
  Map<String, String> sockets() {
    Map<String, String> files = new LinkedHashMap<>();
    Map<String, String> sockets = new LinkedHashMap<>();
    String face = "";
    for (String line : cli("show memif").lines().toList()) {
      Matcher file = SOCKET.matcher(line);
      if (file.matches()) {
        files.put(file.group(1), file.group(2));
      }
      Matcher begin = INTERFACE.matcher(line);
      face = begin.find() ? begin.group(1) : face;
      Matcher of = SOCKET_OF.matcher(line);
      if (!face.isEmpty() && of.find()) {
        sockets.put(face, files.getOrDefault(of.group(1), of.group(1)));
      }
    }
    return sockets;
  }

  @Override
  public void close() {
    Programs.destroy(process);
  }
}
