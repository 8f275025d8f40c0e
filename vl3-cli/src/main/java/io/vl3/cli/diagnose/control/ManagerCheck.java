package io.vl3.cli.diagnose.control;

import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Door;
import io.vl3.cli.diagnose.scene.ManagerView;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.transport.TransportUrl;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether a manager listens where NSEs and clients ask for it. */
public final class ManagerCheck implements Check<Scene> {

  /** The words of gRPC for a server that is something else. */
  private static final Pattern NO_MANAGER =
      Pattern.compile("UNIMPLEMENTED|[Uu]nimplemented|SETTINGS|HTTP|[Nn]ot found: ");

  /** A check. */
  public ManagerCheck() {}

  @Override
  public String name() {
    return "manager";
  }

  @Override
  public String tries() {
    return "Connect to the manager of each process, and ask there for the endpoints of its service.";
  }

  @Override
  public Answer look(Scene scene) throws IOException {
    List<Finding> findings = new ArrayList<>();
    int asked = 0;
    for (ManagerView manager : scene.managers()) {
      if (!manager.embedded() || manager.used()) {
        asked++;
        look(scene, manager).ifPresent(findings::add);
      }
    }
    return asked == 0
        ? Answer.skipped("the machine's own manager starts with the first process")
        : Answer.of("%d asked".formatted(asked), findings);
  }

  private static Optional<Finding> look(Scene scene, ManagerView manager) throws IOException {
    Door door = Door.knock(manager.url(), manager.from());
    return switch (door.outcome()) {
      case OPEN -> scene.registry(manager).failure().flatMap(why -> behind(manager, why));
      case ABSENT, NO_SOCKET -> Optional.of(absent(scene, manager, door));
      case REFUSED, SILENT, FAILED -> Optional.of(down(manager, door.text()));
    };
  }

  /** Somebody listens: the manager, another program, or one that is stopped. */
  private static Optional<Finding> behind(ManagerView manager, EndpointException why) {
    if (NO_MANAGER.matcher(why.getMessage()).find()) {
      return Optional.of(
          wrong(manager, "who listens there is no NSM manager: " + why.getMessage()));
    }
    return why.reason() == Reason.DEADLINE
        ? Optional.of(down(manager, "takes connections and answers nothing: " + why.getMessage()))
        : Optional.empty();
  }

  /** A manager that was there once and ended has taken its socket along. */
  private static Finding absent(Scene scene, ManagerView manager, Door door) throws IOException {
    boolean worked =
        scene.processes().stream()
            .flatMap(process -> process.nses().stream())
            .anyMatch(nse -> nse.hasRegistered() && manager.nses().contains(nse.getName()));
    return worked || manager.embedded()
        ? down(manager, door.text())
        : wrong(manager, door.text() + others(manager));
  }

  private static Finding down(ManagerView manager, String text) {
    return Finding.error(
        Fault.MANAGER_DOWN, manager.nses(), manager.url().toString(), sentence(manager, text));
  }

  private static Finding wrong(ManagerView manager, String text) {
    return Finding.error(
        Fault.WRONG_SOCKET, manager.nses(), manager.url().toString(), sentence(manager, text));
  }

  private static String sentence(ManagerView manager, String text) {
    return "%s, named by %s: %s.".formatted(manager.url(), manager.nsm().choice().why(), text);
  }

  /** Sockets nearby, at which somebody listens. */
  private static String others(ManagerView manager) throws IOException {
    if (!(manager.url() instanceof TransportUrl.Unix unix)) {
      return "";
    }
    Path directory = unix.path().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      return "; there is no directory %s either".formatted(directory);
    }
    List<String> open = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.sock")) {
      for (Path file : files) {
        if (!file.equals(unix.path()) && Door.knock(file).open()) {
          open.add(file.toString());
        }
      }
    }
    return open.isEmpty() ? "" : "; somebody listens at " + String.join(", ", open);
  }
}
