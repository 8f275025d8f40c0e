package io.vl3.cli.diagnose.control;

import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.Pool;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.cli.diagnose.scene.Subject;
import io.vl3.cli.diagnose.scene.Trouble;
import io.vl3.health.HealthCode;
import io.vl3.net.DomainName;
import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Whether two NSEs of one network own the same addresses. */
public final class OverlapCheck implements Check<Scene> {

  /** A check. */
  public OverlapCheck() {}

  @Override
  public String name() {
    return "prefixes";
  }

  @Override
  public String tries() {
    return "Compare the own prefixes of all NSEs of a network service, configured and in use, and"
        + " read what they report of their peers.";
  }

  @Override
  public Answer look(Scene scene) {
    Map<String, Finding> findings = new LinkedHashMap<>();
    for (Trouble trouble : scene.troubles(HealthCode.PREFIX_OVERLAP)) {
      String one = DomainName.withoutDomain(trouble.item().getComponent());
      String other = DomainName.withoutDomain(trouble.item().getSubject());
      findings.putIfAbsent(pair(one, other), finding(one, other, trouble.item().getText() + "."));
    }
    List<Owner> owners = owners(scene);
    for (int i = 0; i < owners.size(); i++) {
      for (Owner other : owners.subList(i + 1, owners.size())) {
        Owner one = owners.get(i);
        if (one.overlaps(other)) {
          findings.putIfAbsent(
              pair(one.nse(), other.nse()),
              finding(
                  one.nse(),
                  other.nse(),
                  "%s owns %s, %s owns %s."
                      .formatted(one.nse(), one.prefix(), other.nse(), other.prefix())));
        }
      }
    }
    return owners.isEmpty()
        ? Answer.skipped("no NSE has a prefix")
        : Answer.of("%d compared".formatted(owners.size()), List.copyOf(findings.values()));
  }

  private static String pair(String one, String other) {
    return String.join(" and ", new TreeSet<>(Set.of(one, other)));
  }

  private static Finding finding(String one, String other, String found) {
    return Finding.error(Fault.PREFIX_OVERLAP, Set.of(one, other), pair(one, other), found);
  }

  private record Owner(String nse, String service, IpPrefix prefix) {

    boolean overlaps(Owner other) {
      return service.equals(other.service)
          && !nse.equals(other.nse)
          && prefix.overlaps(other.prefix);
    }
  }

  /** Of an NSE that runs what it says, of another one what it would own. */
  private static List<Owner> owners(Scene scene) {
    List<Owner> owners = new ArrayList<>();
    Set<String> seen = new TreeSet<>();
    for (Subject process : scene.processes()) {
      for (Nse nse : process.nses()) {
        String name = DomainName.withoutDomain(nse.getName());
        seen.add(name);
        for (Pool pool : nse.getPoolsList()) {
          IpPrefix.tryParse(pool.getPrefix())
              .ifPresent(
                  prefix ->
                      owners.add(
                          new Owner(name, DomainName.withoutDomain(nse.getService()), prefix)));
        }
      }
    }
    for (EndpointConfig nse : scene.configured().keySet()) {
      if (seen.add(nse.bareName())) {
        nse.ipam()
            .ownPrefixes()
            .forEach(prefix -> owners.add(new Owner(nse.bareName(), nse.bareService(), prefix)));
      }
    }
    return owners;
  }
}
