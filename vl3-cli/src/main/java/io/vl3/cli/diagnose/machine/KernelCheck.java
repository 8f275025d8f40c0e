package io.vl3.cli.diagnose.machine;

import io.vl3.cli.config.DataPlaneConfig;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.NsmChoice;
import io.vl3.cli.config.NsmConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Commands;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.linux.UserNamespace;
import io.vl3.net.IpFamily;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Whether the kernel makes what links are made of: tried in a namespace that ends at once. */
public final class KernelCheck implements Check<Scene> {

  private static final String VETH = "ip link add vl3a type veth peer name vl3b";
  private static final String VXLAN =
      "ip link add vl3c type vxlan id 7 dstport 4789 local 127.0.0.1 remote 127.0.0.2";
  private static final String IPV6 = "test -d /proc/sys/net/ipv6";

  /** A check. */
  public KernelCheck() {}

  @Override
  public String name() {
    return "kernel";
  }

  @Override
  public String tries() {
    return "Make a veth pair, a VXLAN where nodes are joined, and look for IPv6 where a pool has it,"
        + " in a network namespace that ends at once.";
  }

  @Override
  public Answer look(Scene scene) throws IOException {
    Map<String, String> needed = needed(scene);
    if (needed.isEmpty()) {
      return Answer.skipped("nothing here makes kernel links");
    }
    UserNamespace.Ability ability = UserNamespace.detect();
    if (ability instanceof UserNamespace.Ability.None none) {
      return Answer.of("", List.of(missing("network namespaces", none.reason() + ".")));
    }
    List<String> enter =
        ability instanceof UserNamespace.Ability.Direct
            ? List.of("unshare", "-n")
            : List.of("unshare", "-Urn");
    List<Finding> findings = new ArrayList<>();
    for (Map.Entry<String, String> each : needed.entrySet()) {
      List<String> line = new ArrayList<>(enter);
      line.addAll(List.of("sh", "-c", each.getValue()));
      Commands.Result result = Commands.run(line);
      if (result.code() != 0) {
        findings.add(
            missing(
                each.getKey(),
                "`%s` ended with %d: %s."
                    .formatted(each.getValue(), result.code(), result.words())));
      }
    }
    return Answer.of(String.join(", ", needed.keySet()) + " tried", findings);
  }

  private static Finding missing(String feature, String found) {
    return Finding.error(Fault.KERNEL_FEATURE_MISSING, Set.of(), feature, found);
  }

  private static Map<String, String> needed(Scene scene) {
    Map<String, String> needed = new LinkedHashMap<>();
    if (configs(scene).anyMatch(KernelCheck::makesLinks)) {
      needed.put("veth", VETH);
    }
    if (configs(scene).map(Vl3Config::nsm).anyMatch(KernelCheck::joinsNodes)) {
      needed.put("vxlan", VXLAN);
    }
    boolean six =
        configs(scene)
            .flatMap(config -> config.endpoints().stream())
            .anyMatch(KernelCheck::hasIpv6);
    if (six) {
      needed.put("IPv6", IPV6);
    }
    return needed;
  }

  private static Stream<Vl3Config> configs(Scene scene) {
    return scene.subjects().stream().flatMap(subject -> subject.setup().nses().stream());
  }

  private static boolean makesLinks(Vl3Config config) {
    return config.dataplane().type() == DataPlaneConfig.Type.KERNEL
        || config.nsm().choice().api() == NsmChoice.Api.EMBEDDED;
  }

  private static boolean joinsNodes(NsmConfig nsm) {
    return nsm.manager().tunnelIp().isPresent() || nsm.manager().listenOn().isPresent();
  }

  private static boolean hasIpv6(EndpointConfig nse) {
    return nse.ipam().pools().stream().anyMatch(pool -> pool.family() == IpFamily.IPV6);
  }
}
