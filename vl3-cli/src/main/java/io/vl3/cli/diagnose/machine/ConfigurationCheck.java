package io.vl3.cli.diagnose.machine;

import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Subject;
import java.util.ArrayList;
import java.util.List;

/** Whether the files that processes were started with would be taken today. */
public final class ConfigurationCheck implements Check<Scene> {

  /** A check. */
  public ConfigurationCheck() {}

  @Override
  public String name() {
    return "configuration";
  }

  @Override
  public String tries() {
    return "Read the configuration of each process, or the one of --config, as `vl3 run` does.";
  }

  @Override
  public Answer look(Scene scene) {
    List<Finding> findings = new ArrayList<>();
    long read = 0;
    for (Subject subject : scene.subjects()) {
      if (!subject.setup().mistakes().isEmpty()) {
        findings.add(finding(subject));
      } else if (subject.setup().nsm().isPresent()) {
        read++;
      }
    }
    return findings.isEmpty() && read == 0
        ? Answer.skipped("no configuration is known")
        : Answer.of("%d without a mistake".formatted(read), findings);
  }

  /** A process that runs goes on; one that is to start does not. */
  private static Finding finding(Subject subject) {
    String found =
        String.join("; ", subject.setup().mistakes().lines().map(String::strip).toList());
    return subject.runs()
        ? Finding.warning(
            Fault.CONFIGURATION_WRONG,
            subject.nseNames(),
            subject.setup().name(),
            found + ". The process runs with what it read before.")
        : Finding.error(
            Fault.CONFIGURATION_WRONG, subject.nseNames(), subject.setup().name(), found + ".");
  }
}
