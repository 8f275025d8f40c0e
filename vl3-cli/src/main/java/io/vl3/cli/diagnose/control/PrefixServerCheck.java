package io.vl3.cli.diagnose.control;

import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.PrefixChoice;
import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Door;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Subject;
import io.vl3.cli.diagnose.scene.Trouble;
import io.vl3.health.HealthCode;
import io.vl3.net.DomainName;
import io.vl3.transport.TransportUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether IPAM and prefix servers can be reached. */
public final class PrefixServerCheck implements Check<Scene> {

  /** A check. */
  public PrefixServerCheck() {}

  @Override
  public String name() {
    return "IPAM";
  }

  @Override
  public String tries() {
    return "Connect to the central IPAM or the prefix servers of each NSE.";
  }

  @Override
  public Answer look(Scene scene) {
    List<Finding> findings = new ArrayList<>();
    int asked = 0;
    for (Map.Entry<EndpointConfig, Subject> each : scene.configured().entrySet()) {
      for (String server : servers(each.getKey())) {
        asked++;
        look(scene, each.getKey(), each.getValue(), server).ifPresent(findings::add);
      }
    }
    return asked == 0
        ? Answer.skipped("no NSE takes its prefix from a server")
        : Answer.of("%d asked".formatted(asked), findings);
  }

  private static List<String> servers(EndpointConfig nse) {
    if (nse.ipam().choice() instanceof PrefixChoice.Leased leased) {
      return List.of("tcp://" + leased.serverAddress());
    }
    return nse.ipam().choice() instanceof PrefixChoice.Served served ? served.urls() : List.of();
  }

  private static Optional<Finding> look(
      Scene scene, EndpointConfig nse, Subject subject, String server) {
    Door door = Door.knock(TransportUrl.parse(server), subject.netns());
    if (!door.open()) {
      return Optional.of(finding(nse, server, door.text() + "."));
    }
    return scene.troubles(HealthCode.PREFIX_SERVER_AWAY).stream()
        .map(Trouble::item)
        .filter(item -> DomainName.withoutDomain(item.getComponent()).equals(nse.bareName()))
        .map(item -> finding(nse, server, door.text() + ", but: " + item.getText() + "."))
        .findFirst();
  }

  private static Finding finding(EndpointConfig nse, String server, String text) {
    return Finding.error(
        Fault.IPAM_UNREACHABLE,
        Set.of(nse.bareName()),
        server + " of " + nse.bareName(),
        "%s %s".formatted(server, text));
  }
}
