package io.vl3.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.mistake.ConfigException;
import io.vl3.cli.config.read.ConfigReader;
import io.vl3.cli.config.read.Overrides;
import io.vl3.cli.render.ServicePlan;
import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.ipam.FixedPrefixes;
import io.vl3.ipam.IpamPlan;
import io.vl3.ipam.NseState;
import io.vl3.linux.Netns;
import io.vl3.linux.links.KernelLinks;
import io.vl3.nse.Vl3Nse;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import io.vl3.transport.TransportUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code ipam-plan} says is what the endpoints do that {@code vl3 run} builds. */
class PlanAgainstChainTest {

  private static final int ENDPOINTS = 3;
  private static final int WORKLOADS = 6;

  @TempDir private Path directory;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "defaultPrefixPool: 10.60.0.0/16 | index",
        "defaultPrefixPool: 10.60.0.0/16, addressing: point-to-point-31, prefixLength: 28 | index",
        "defaultPrefixPool: 10.60.0.0/16, addressing: unnumbered, prefixLength: 26 | index",
        "defaultPrefixPool: 2001:db8::/48, prefixLength: 112 | index",
        "defaultPrefixPool: [10.60.0.0/16; fd00::/32], prefixLength: [24; 80] | index",
        "defaultPrefixPool: [10.60.0.0/16; fd00::/32], addressing: unnumbered | index",
        "defaultPrefixPool: 10.60.0.0/16, excludedPrefixes: [10.60.0.0/29; 10.60.1.6/32] | index",
        "defaultPrefixPool: 10.60.0.0/16, addressing: unnumbered, excludedPrefixes: [10.60.0.0/29]"
            + " | index",
        "defaultPrefixPool: 192.168.0.0/16, prefixLength: 22 | octet",
      })
  void prefixesAndFirstAddresses_areThoseOfTheStartedEndpoints(String ipam, String rule)
      throws Exception {
    String file =
        """
        endpoints:
        - name: vl3
          vl3:
            ipam: {%s}
        """
            .formatted(ipam.replace(';', ','));
    IpamPlan plan = plan(config(file, rule, 0));
    assertThat(plan.problems()).isEmpty();
    assertThat(plan.endpoints()).hasSize(ENDPOINTS);
    for (int i = 0; i < ENDPOINTS; i++) {
      IpamPlan.EndpointPlan planned = plan.endpoints().get(i);
      EndpointConfig started = config(file, rule, i).endpoints().get(0);
      assertThat(planned.prefixes()).isEqualTo(started.ipam().ownPrefixes());
      checkWorkloads(planned, config(file, rule, i));
    }
  }

  private void checkWorkloads(IpamPlan.EndpointPlan planned, Vl3Config config) throws Exception {
    EndpointConfig endpoint = config.endpoints().get(0);
    try (Node node = Node.unconnected(directory, config.nsm())) {
      Vl3Nse nse =
          ConfiguredNse.builder(
                  endpoint,
                  config,
                  new KernelLinks(
                      endpoint.name(),
                      Netns.named("not-made"),
                      node.runtime().timer(),
                      node.runtime().executor()),
                  new FixedPrefixes(endpoint.ipam().ownPrefixes()),
                  NseState.inMemory(),
                  node,
                  new TransportUrl.Unix(directory.resolve("unused.sock")),
                  Optional.empty())
              .build();
      FakeTimer timer = new FakeTimer();
      EndpointRunner runner =
          new EndpointRunner(nse.serverChain(), Runnable::run, timer, Duration.ofSeconds(5));
      for (int i = 0; i < WORKLOADS; i++) {
        Connection asked = Connection.to("vl3").withId(new ConnectionId("w" + i));
        Connection answer =
            runner.request(
                new ConnectionRequest(asked, List.of(Mechanism.local(Mechanism.KERNEL, Map.of()))),
                Caller.ANONYMOUS,
                Deadline.after(Duration.ofSeconds(5), timer));
        IpamPlan.Workload first = planned.first().get(i);
        assertThat(answer.ip().clientAddresses()).isEqualTo(first.client());
        assertThat(answer.ip().endpointAddresses()).isEqualTo(first.endpoint());
      }
    }
  }

  private static IpamPlan plan(Vl3Config config) {
    ServicePlan.Question question =
        new ServicePlan.Question(ENDPOINTS, WORKLOADS, List.of(), false);
    return ServicePlan.of(config.endpoints(), question).get(0).plan();
  }

  /** As the n-th of several endpoints is started: by option, or by the pod's octet. */
  private static Vl3Config config(String file, String rule, int n) throws ConfigException {
    return rule.equals("octet")
        ? ConfigReader.read(
            "vl3.yaml", file, Map.of("NSE_IPAM_UNIQUE_OCTET", "" + (5 + n)), Overrides.NONE)
        : ConfigReader.read("vl3.yaml", file, Map.of(), index(n));
  }

  private static Overrides index(int n) {
    return new Overrides(
        Optional.empty(),
        Optional.of("" + n),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
