package io.vl3.cli.diagnose.network;

import com.google.protobuf.Timestamp;
import io.vl3.api.admin.v1.Event;
import io.vl3.api.admin.v1.Nse;
import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Site;
import io.vl3.health.EventKind;
import io.vl3.net.DomainName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the namespaces of NSEs forward packets. */
public final class ForwardingCheck implements Check<Scene> {

  private static final String IPV4 = "ipv4/ip_forward";
  private static final String IPV6 = "ipv6/conf/all/forwarding";
  private static final String INTERFACES = "ipv4/conf/*/forwarding";

  /** Forwarding that is mended this often is switched off by somebody. */
  private static final int OFTEN = 2;

  private static final Duration RECENT = Duration.ofSeconds(20);

  /** A check. */
  public ForwardingCheck() {}

  @Override
  public String name() {
    return "forwarding";
  }

  @Override
  public String tries() {
    return "Read net.ipv4.ip_forward, net.ipv6.conf.all.forwarding and each interface's forwarding"
        + " in the namespace of each NSE, and how often the NSE has mended them within 20 s.";
  }

  @Override
  public Answer look(Scene scene) throws IOException {
    return Sites.each(scene, site -> look(scene, site));
  }

  private static Optional<Finding> look(Scene scene, Site site) throws IOException {
    List<String> settings = new ArrayList<>(List.of(IPV4, INTERFACES));
    if (site.status().filter(ForwardingCheck::hasIpv6).isPresent()) {
      settings.add(IPV6);
    }
    List<String> off =
        Sysctls.of(site, scene.kernel(), settings).all().entrySet().stream()
            .filter(setting -> setting.getValue().equals("0"))
            .filter(setting -> !isTemplate(setting.getKey()))
            .map(setting -> "net/%s is 0 (expected: 1)".formatted(setting.getKey()))
            .toList();
    long mended = mended(site, scene.clock().instant());
    if (off.isEmpty() && mended < OFTEN) {
      return Optional.empty();
    }
    String now = off.isEmpty() ? "It is on now" : String.join("; ", off);
    return Optional.of(
        Finding.error(
            Fault.FORWARDING_OFF,
            Set.of(site.nse()),
            "%s, %s".formatted(site.nse(), site.namespace()),
            "%s; the NSE has switched it on %d times within the last 20 s."
                .formatted(now, mended)));
  }

  /** Nothing is forwarded by these: new interfaces take the one, and the loopback needs none. */
  private static boolean isTemplate(String setting) {
    return setting.contains("/default/") || setting.contains("/lo/") || setting.contains("/all/");
  }

  private static boolean hasIpv6(Nse nse) {
    return nse.getNetworkList().stream().anyMatch(prefix -> prefix.contains(":"));
  }

  private static long mended(Site site, Instant now) {
    return site.subject().events().stream()
        .filter(event -> event.getKind().equals(EventKind.MENDED.text()))
        .filter(event -> DomainName.withoutDomain(event.getComponent()).equals(site.nse()))
        .filter(event -> event.getText().contains("forward"))
        .map(Event::getAt)
        .filter(at -> Duration.between(instant(at), now).compareTo(RECENT) < 0)
        .count();
  }

  private static Instant instant(Timestamp at) {
    return Instant.ofEpochSecond(at.getSeconds(), at.getNanos());
  }
}
