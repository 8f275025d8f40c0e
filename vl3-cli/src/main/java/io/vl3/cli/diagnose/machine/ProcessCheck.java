package io.vl3.cli.diagnose.machine;

import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Door;
import io.vl3.cli.diagnose.scene.KernelFiles;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Subject;
import io.vl3.net.DomainName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whether processes run, and answer. */
public final class ProcessCheck implements Check<Scene> {

  private static final String SOCKET = ".sock";

  /** A check. */
  public ProcessCheck() {}

  @Override
  public String name() {
    return "processes";
  }

  @Override
  public String tries() {
    return "Ask every process of the run directory by its admin socket, and knock at the socket of"
        + " every NSE there.";
  }

  @Override
  public Answer look(Scene scene) throws IOException {
    List<Finding> findings = new ArrayList<>();
    List<Subject> processes = scene.processes();
    processes.stream()
        .filter(process -> !process.silence().isEmpty())
        .forEach(process -> findings.add(hanging(process, scene.kernel())));
    findings.addAll(gone(scene));
    if (processes.isEmpty() && findings.isEmpty() && scene.subjects().isEmpty()) {
      findings.add(
          Finding.error(
              Fault.NO_PROCESS,
              Set.of(),
              scene.runDirectory().toString(),
              "No vl3 process has an admin socket in the run directory or below it."));
    }
    return Answer.of(
        processes.isEmpty() ? "none runs" : "%d run".formatted(processes.size()), findings);
  }

  private static Finding hanging(Subject process, KernelFiles kernel) {
    return Finding.error(
        Fault.PROCESS_HANGS,
        process.nseNames(),
        process.name(),
        "%s: %s.".formatted(state(process, kernel), process.silence()));
  }

  private static String state(Subject process, KernelFiles kernel) {
    String stat =
        process.pid().flatMap(pid -> kernel.read("proc/%d/stat".formatted(pid))).orElse("");
    int at = stat.lastIndexOf(')') + 2;
    char state = at > 1 && at < stat.length() ? stat.charAt(at) : '?';
    return switch (state) {
      case 'T', 't' -> "It is stopped (SIGSTOP, or a debugger)";
      case 'D' -> "It waits for a disk that does not answer";
      case 'Z' -> "It has ended, and its parent has not noticed";
      default -> "It runs and does not answer";
    };
  }

  /** The socket of an NSE that was asked to end is gone; that of a killed one is deaf. */
  private static List<Finding> gone(Scene scene) throws IOException {
    Set<Path> directories = new TreeSet<>();
    directories.add(scene.runDirectory());
    scene.subjects().forEach(subject -> directories.add(subject.runDirectory()));
    List<Finding> findings = new ArrayList<>();
    for (Path directory : directories) {
      for (Path socket : sockets(directory.resolve("nse"))) {
        if (Door.knock(socket).outcome() == Door.Outcome.REFUSED) {
          findings.add(gone(socket));
        }
      }
    }
    return findings;
  }

  private static Finding gone(Path socket) {
    String file = String.valueOf(socket.getFileName());
    String nse = file.substring(0, file.length() - SOCKET.length());
    return Finding.error(
        Fault.PROCESS_GONE,
        Set.of(DomainName.withoutDomain(nse)),
        nse,
        "Its socket %s is there and nobody listens: its process was killed, or crashed."
            .formatted(socket));
  }

  private static List<Path> sockets(Path directory) throws IOException {
    List<Path> sockets = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SOCKET)) {
        files.forEach(sockets::add);
      }
    }
    return sockets;
  }
}
