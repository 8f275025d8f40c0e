package io.vl3.cli.diagnose.control;

import io.vl3.cli.config.DataPlaneConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Door;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Subject;
import io.vl3.health.HealthCode;
import io.vl3.transport.TransportUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Whether what programs the links of VPP can be reached. */
public final class DataPlaneCheck implements Check<Scene> {

  /** A check. */
  public DataPlaneCheck() {}

  @Override
  public String name() {
    return "data plane";
  }

  @Override
  public String tries() {
    return "Connect to the vpp-agent or to the API socket of VPP, where an NSE has one.";
  }

  @Override
  public Answer look(Scene scene) {
    List<Finding> findings = new ArrayList<>();
    Set<String> asked = new TreeSet<>();
    for (Subject subject : scene.subjects()) {
      Optional<Vl3Config> config =
          subject.setup().nses().filter(known -> known.dataplane().type().isVpp());
      if (config.isPresent() && asked.add(config.get().dataplane() + " " + subject.nseNames())) {
        look(scene, subject, config.get().dataplane()).ifPresent(findings::add);
      }
    }
    return asked.isEmpty()
        ? Answer.skipped("no NSE has VPP")
        : Answer.of("%d asked".formatted(asked.size()), findings);
  }

  private static Optional<Finding> look(Scene scene, Subject subject, DataPlaneConfig config) {
    boolean direct = config.type() == DataPlaneConfig.Type.VPP;
    String address = direct ? config.vpp().socket().path().toString() : config.vpp().address();
    Door door =
        direct
            ? Door.knock(config.vpp().socket().path())
            : Door.knock(TransportUrl.parse("tcp://" + address), subject.netns());
    Fault fault = direct ? Fault.VPP_DOWN : Fault.AGENT_DOWN;
    String where = "%s of %s".formatted(address, String.join(", ", subject.nseNames()));
    if (!door.open()) {
      return Optional.of(
          Finding.error(
              fault, subject.nseNames(), where, "%s %s.".formatted(address, door.text())));
    }
    return scene.troubles(HealthCode.AGENT_AWAY).stream()
        .filter(trouble -> trouble.subject().equals(subject))
        .map(
            trouble ->
                Finding.error(
                    fault,
                    subject.nseNames(),
                    where,
                    "%s %s, but %s reports: %s."
                        .formatted(address, door.text(), subject.name(), trouble.item().getText())))
        .findFirst();
  }
}
