package io.vl3.cli.diagnose.scene;

import io.vl3.admin.AdminClient;
import io.vl3.admin.AdminSockets;
import io.vl3.api.admin.v1.Event;
import io.vl3.cli.admin.Member;
import io.vl3.cli.assembly.Threads;
import io.vl3.failure.EndpointException;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks all processes of a run directory, side by side; who does not answer is a subject too. */
final class Gathering {

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** {@code admin/COMMAND-PID.sock}, perhaps with a number behind it. */
  private static final Pattern SOCKET = Pattern.compile("(.+?)-([0-9]+)(?:-[0-9]+)?\\.sock");

  private final KernelFiles kernel;
  private final Map<String, CpuPeriods> cpuBefore = new ConcurrentHashMap<>();

  private Gathering(KernelFiles kernel) {
    this.kernel = kernel;
  }

  /**
   * What was gathered.
   *
   * @param subjects the processes
   * @param cpuBefore the counts of their cgroups' files before they were asked
   */
  record Gathered(List<Subject> subjects, Map<String, CpuPeriods> cpuBefore) {}

  static Gathered of(Path runDirectory, KernelFiles kernel) throws EndpointException {
    Gathering gathering = new Gathering(kernel);
    try (Threads threads = new Threads();
        IoThreads io = new IoThreads(1, Threads.daemons("vl3-io"))) {
      TransportOptions options = TransportOptions.of(io, threads.blocking());
      List<CompletableFuture<Subject>> asked =
          AdminSockets.in(runDirectory).stream()
              .map(
                  socket ->
                      CompletableFuture.supplyAsync(
                          () -> gathering.ask(socket, options), threads.blocking()))
              .toList();
      List<Subject> subjects = asked.stream().map(CompletableFuture::join).toList();
      return new Gathered(subjects, Map.copyOf(gathering.cpuBefore));
    }
  }

  private Subject ask(Path socket, TransportOptions options) {
    pid(socket).ifPresent(this::noteCpu);
    try (AdminClient client = AdminClient.open(socket, options, PATIENCE)) {
      return subject(socket, Optional.of(Member.of(client)), client.events(), "");
    } catch (EndpointException silent) {
      return subject(socket, Optional.empty(), List.of(), silent.getMessage());
    }
  }

  private Subject subject(Path socket, Optional<Member> says, List<Event> events, String silence) {
    String command = command(socket);
    Optional<Long> pid = pid(socket);
    Path runDirectory = socket.toAbsolutePath().resolveSibling("..").normalize();
    return new Subject(
        "vl3 %s%s".formatted(command, pid.map(number -> ", process " + number).orElse("")),
        pid,
        runDirectory,
        pid.map(number -> Setup.ofProcess(kernel, number, command)).orElse(Setup.UNKNOWN),
        says,
        events,
        silence);
  }

  private void noteCpu(long pid) {
    CpuPeriods.file(kernel, pid)
        .ifPresent(
            file ->
                CpuPeriods.read(kernel, file)
                    .ifPresent(periods -> cpuBefore.putIfAbsent(file, periods)));
  }

  private static String command(Path socket) {
    Matcher name = SOCKET.matcher(String.valueOf(socket.getFileName()));
    return name.matches() ? name.group(1) : "";
  }

  private Optional<Long> pid(Path socket) {
    Matcher name = SOCKET.matcher(String.valueOf(socket.getFileName()));
    return name.matches()
        ? Optional.of(Long.valueOf(name.group(2))).filter(pid -> isOurs(pid, name.group(1)))
        : Optional.empty();
  }

  /** A process in a container has another number here. */
  private boolean isOurs(long pid, String command) {
    return kernel.words("proc/%d/cmdline".formatted(pid)).contains(command);
  }
}
