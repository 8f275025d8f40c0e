package io.vl3.prefixes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.api.ippool.AllocatorGrpc;
import io.vl3.api.ippool.AllocatorGrpc.AllocatorBlockingStub;
import io.vl3.api.ippool.Identifier;
import io.vl3.api.ippool.IpFamily;
import io.vl3.api.ippool.Subnet;
import io.vl3.api.ippool.SubnetRequest;
import io.vl3.time.FakeTimer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeasedPrefixesTest {

  private static final Duration LEASE = PrefixServing.SETTINGS.lease();

  private final FakeTimer timer = new FakeTimer();
  @TempDir private Path directory;
  private final PrefixServing server;

  LeasedPrefixesTest() throws IOException {
    server = PrefixServing.of(PrefixServing.SETTINGS, timer);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void whoAsksAgain_getsWhatItHas() {
    assertThat(leased(server, "c1_a")).isEqualTo("10.60.0.0/24");
    assertThat(leased(server, "c1_b")).isEqualTo("10.60.1.0/24");
    assertThat(leased(server, "c1_a")).isEqualTo("10.60.0.0/24");
    assertThat(server.size()).isEqualTo(2);
  }

  @Test
  void answer_saysHowLong_andWhose() {
    Subnet answer = stub(server).allocateSubnet(request("c1_a", 24));
    assertThat(answer.getLeaseTimeout()).isEqualTo(24);
    assertThat(answer.getIdentifier()).isEqualTo(identifier("c1_a"));
  }

  @Test
  void leaseThatIsRenewed_lasts_andOneThatIsNot_ends() {
    Subnet kept = stub(server).allocateSubnet(request("c1_a", 24));
    assertThat(leased(server, "c1_b")).isEqualTo("10.60.1.0/24");
    timer.advance(LEASE.dividedBy(2));
    assertThat(stub(server).renewSubnetLease(kept).getPrefix()).isEqualTo(kept.getPrefix());
    timer.advance(LEASE.dividedBy(2));
    assertThat(leased(server, "c1_c")).isEqualTo("10.60.1.0/24");
    assertThat(leased(server, "c1_a")).isEqualTo("10.60.0.0/24");
  }

  @Test
  void renewal_ofAnothers_isNotFound() {
    Subnet first = stub(server).allocateSubnet(request("c1_a", 24));
    Subnet stolen = first.toBuilder().setIdentifier(identifier("c1_b")).build();
    assertThatThrownBy(() -> stub(server).renewSubnetLease(stolen))
        .hasMessageContaining("NOT_FOUND")
        .hasMessageContaining("10.60.0.0/24 (expected: one that is leased to c1_b)");
    var unused = stub(server).freeSubnet(stolen);
    assertThat(leased(server, "c1_a")).isEqualTo("10.60.0.0/24");
    assertThat(leased(server, "c1_c")).isEqualTo("10.60.1.0/24");
  }

  @Test
  void renewal_ofAPrefixThatNobodyHas_isGranted() {
    Subnet forgotten =
        Subnet.newBuilder()
            .setIdentifier(identifier("c1_a"))
            .setPrefix(io.vl3.api.ippool.IpPrefix.newBuilder().setSubnet("10.60.5.0/24"))
            .build();
    assertThat(stub(server).renewSubnetLease(forgotten).getPrefix().getSubnet())
        .isEqualTo("10.60.5.0/24");
    assertThat(leased(server, "c1_a")).isEqualTo("10.60.5.0/24");
  }

  @Test
  void renewal_ofWhatAStreamIsExpectedToAskFor_isRefused() {
    PrefixStream stream = server.stream();
    assertThat(stream.ask("")).hasValue("10.60.0.0/24");
    stream.breakOff();
    Subnet others =
        Subnet.newBuilder()
            .setIdentifier(identifier("c1_a"))
            .setPrefix(io.vl3.api.ippool.IpPrefix.newBuilder().setSubnet("10.60.0.0/24"))
            .build();
    assertThatThrownBy(() -> stub(server).renewSubnetLease(others))
        .hasMessageContaining("NOT_FOUND");
  }

  @Test
  void freed_isFreeAtOnce() {
    Subnet first = stub(server).allocateSubnet(request("c1_a", 24));
    var unused = stub(server).freeSubnet(first);
    assertThat(leased(server, "c1_b")).isEqualTo("10.60.0.0/24");
  }

  @Test
  void anotherLength_isGivenInPlaceOfTheFirst() {
    assertThat(leased(server, "c1_a")).isEqualTo("10.60.0.0/24");
    Subnet shorter = stub(server).allocateSubnet(request("c1_a", 26));
    assertThat(shorter.getPrefix().getSubnet()).isEqualTo("10.60.1.0/26");
    assertThat(leased(server, "c1_b")).isEqualTo("10.60.0.0/24");
  }

  @Test
  void noLength_isThatOfTheSettings() {
    assertThat(stub(server).allocateSubnet(request("c1_a", 0)).getPrefix().getSubnet())
        .isEqualTo("10.60.0.0/24");
  }

  @Test
  void whatCannotBeGiven_isRefused() {
    SubnetRequest v6 =
        request("c1_a", 64).toBuilder()
            .setAddrFamily(IpFamily.newBuilder().setFamily(IpFamily.Family.IPV6))
            .build();
    assertThatThrownBy(() -> stub(server).allocateSubnet(v6))
        .hasMessageContaining("INVALID_ARGUMENT: addr_family: IPV6 (expected: IPV4");
    assertThatThrownBy(() -> stub(server).allocateSubnet(request("c1_a", 8)))
        .hasMessageContaining("INVALID_ARGUMENT: prefix_len: 8 (expected: 16..32)");
    assertThatThrownBy(() -> stub(server).allocateSubnet(SubnetRequest.getDefaultInstance()))
        .hasMessageContaining("INVALID_ARGUMENT: identifier: 0 characters");
    assertThatThrownBy(() -> stub(server).allocateSubnet(request("c".repeat(1025), 24)))
        .hasMessageContaining("INVALID_ARGUMENT: identifier:");
  }

  @Test
  void restarted_knowsWhatItGave_alsoToNamesWithSpaces() throws IOException {
    Path journal = directory.resolve("ipam.journal");
    try (PrefixServing before = PrefixServing.in(journal, timer)) {
      assertThat(leased(before, "c 1\t_a")).isEqualTo("10.60.0.0/24");
      assertThat(leased(before, "c1_b")).isEqualTo("10.60.1.0/24");
    }
    timer.advance(LEASE.plusHours(1));
    try (PrefixServing after = PrefixServing.in(journal, timer)) {
      assertThat(leased(after, "c1_c")).as("a stranger, who is first").isEqualTo("10.60.2.0/24");
      assertThat(leased(after, "c1_b")).isEqualTo("10.60.1.0/24");
      assertThat(leased(after, "c 1\t_a")).isEqualTo("10.60.0.0/24");
    }
  }

  private static String leased(PrefixServing server, String name) {
    return stub(server).allocateSubnet(request(name, 24)).getPrefix().getSubnet();
  }

  private static AllocatorBlockingStub stub(PrefixServing server) {
    return AllocatorGrpc.newBlockingStub(server.channel());
  }

  private static SubnetRequest request(String name, int length) {
    return SubnetRequest.newBuilder()
        .setIdentifier(identifier(name))
        .setAddrFamily(IpFamily.getDefaultInstance())
        .setPrefixLen(length)
        .build();
  }

  private static Identifier identifier(String name) {
    return Identifier.newBuilder()
        .setFqdn("ipam.example.com")
        .setName(name)
        .setConnectivityDomain("a domain")
        .build();
  }
}
