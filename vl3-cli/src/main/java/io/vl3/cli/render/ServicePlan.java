package io.vl3.cli.render;

import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.IpamConfig;
import io.vl3.cli.config.PrefixChoice;
import io.vl3.ipam.IpamPlan;
import io.vl3.ipam.PrefixRule;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The address plan of one network service.
 *
 * @param service the network service
 * @param pools what the whole network lies in
 * @param addressing as the file spells it
 * @param rule where the prefixes come from, in words
 * @param planned for how many endpoints the plan was asked
 * @param plan the plan
 */
public record ServicePlan(
    String service,
    List<IpPrefix> pools,
    String addressing,
    String rule,
    int planned,
    IpamPlan plan) {

  /** Copies the list. */
  public ServicePlan {
    pools = List.copyOf(pools);
  }

  /**
   * What is asked beside the file.
   *
   * @param endpoints how many per service; 0 for as many as the file has
   * @param samples how many workloads' addresses to show per endpoint
   * @param avoid networks that the vL3 must not touch
   * @param legacyPeers whether peers speak NSM 0.2
   */
  public record Question(int endpoints, int samples, List<IpPrefix> avoid, boolean legacyPeers) {
    /** Copies the list. */
    public Question {
      avoid = List.copyOf(avoid);
    }
  }

  /** One plan for each network service of the file, in the file's order. */
  public static List<ServicePlan> of(List<EndpointConfig> endpoints, Question question) {
    Map<String, List<EndpointConfig>> byService =
        endpoints.stream()
            .collect(
                Collectors.groupingBy(
                    EndpointConfig::service, LinkedHashMap::new, Collectors.toList()));
    return byService.values().stream().map(group -> of(group, question, endpoints)).toList();
  }

  private static ServicePlan of(
      List<EndpointConfig> group, Question question, List<EndpointConfig> all) {
    String service = group.get(0).service();
    IpamConfig ipam = group.get(0).ipam();
    int count = question.endpoints() > 0 ? question.endpoints() : group.size();
    List<IpPrefix> pools =
        group.stream().flatMap(e -> e.ipam().pools().stream()).distinct().toList();
    IpamPlan.Input input =
        new IpamPlan.Input(
            pools,
            rule(group, pools),
            ipam.addressing(),
            PrefixSet.of(ipam.excluded()),
            avoided(service, question, all),
            count,
            question.samples(),
            question.legacyPeers());
    String why = group.size() > 1 ? "the file's endpoints" : ipam.choice().why();
    return new ServicePlan(service, pools, ipam.addressingWord(), why, count, IpamPlan.of(input));
  }

  /** Another service's pool is a network to keep clear of, like those that are given. */
  private static List<IpPrefix> avoided(
      String service, Question question, List<EndpointConfig> all) {
    List<IpPrefix> others =
        all.stream()
            .filter(endpoint -> !endpoint.service().equals(service))
            .flatMap(endpoint -> endpoint.ipam().pools().stream())
            .toList();
    return Stream.concat(question.avoid().stream(), others.stream()).distinct().toList();
  }

  private static PrefixRule rule(List<EndpointConfig> group, List<IpPrefix> pools) {
    if (group.size() > 1) {
      return PrefixRule.fixed(group.stream().map(e -> e.ipam().ownPrefixes()).toList());
    }
    IpamConfig ipam = group.get(0).ipam();
    PrefixChoice choice = ipam.choice();
    if (choice instanceof PrefixChoice.Fixed fixed) {
      return PrefixRule.fixed(List.of(fixed.prefixes()));
    }
    if (choice instanceof PrefixChoice.Octet octet) {
      return new OctetRule(pools, ipam.prefixLengths(), octet);
    }
    return PrefixRule.nth(
        pools, length(ipam, IpFamily.IPV4), length(ipam, IpFamily.IPV6), first(choice));
  }

  private static long first(PrefixChoice choice) {
    return choice instanceof PrefixChoice.Index index ? index.index() : 0;
  }

  private static int length(IpamConfig ipam, IpFamily family) {
    for (int i = 0; i < ipam.pools().size(); i++) {
      if (ipam.pools().get(i).family() == family) {
        return ipam.prefixLengths().get(i);
      }
    }
    return 0;
  }
}
