package io.vl3.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import io.vl3.endpoint.ChainRig;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.ipam.IpamPlan.EndpointPlan;
import io.vl3.ipam.IpamPlan.Workload;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** What a plan says and what an endpoint then does are the same, whatever is excluded. */
class PlanAndRunTest {

  private static final int ROUNDS = 600;

  @Test
  void aPlan_isWhatHappens_andNothingExcludedIsEverUsed() throws EndpointException {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(14);
    for (int round = 0; round < ROUNDS; round++) {
      boolean six = random.nextBoolean();
      int bits = six ? 128 : 32;
      IpPrefix own =
          IpPrefix.containing(
              IpAddress.parse(six ? "2001:db8::60" : "10.60.0.96"), bits - random.nextInt(6));
      PrefixSet excluded = excluded(random, own);
      for (AddressingMode mode : AddressingMode.values()) {
        check(own, excluded, mode);
      }
    }
  }

  private static void check(IpPrefix own, PrefixSet excluded, AddressingMode mode)
      throws EndpointException {
    EndpointPlan plan =
        IpamPlan.of(
                new IpamPlan.Input(
                    List.of(own),
                    PrefixRule.fixed(List.of(List.of(own))),
                    mode,
                    excluded,
                    List.of(),
                    1,
                    100,
                    false))
            .endpoints()
            .get(0);
    ChainRig rig = new ChainRig();
    rig.run(IpamEndpoint.of(FixedPrefixes.of(own), mode, excluded, session -> false));
    List<Workload> run = new ArrayList<>();
    for (int i = 0; i < plan.workloads(); i++) {
      Connection answer = rig.request(rig.connection("w" + i));
      run.add(new Workload(answer.ip().clientAddresses(), answer.ip().endpointAddresses()));
    }
    assertThat(run).as("%s without %s, %s", own, excluded, mode).isEqualTo(plan.first());
    assertThatThrownBy(() -> rig.request(rig.connection("one-more")))
        .isInstanceOfSatisfying(
            EndpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.EXHAUSTED));
    assertThat(run)
        .allSatisfy(
            workload -> {
              assertThat(workload.client()).noneMatch(a -> excluded.contains(a.address()));
              assertThat(workload.endpoint()).noneMatch(a -> excluded.contains(a.address()));
            });
  }

  private static PrefixSet excluded(RandomGenerator random, IpPrefix own) {
    List<IpPrefix> excluded = new ArrayList<>();
    int bits = own.family().bits();
    for (int i = random.nextInt(4); i > 0; i--) {
      int hostBits = bits - own.length();
      IpAddress inside = own.first().plus(random.nextInt(1 << hostBits));
      excluded.add(IpPrefix.containing(inside, bits - random.nextInt(hostBits + 1)));
    }
    return PrefixSet.of(excluded);
  }
}
