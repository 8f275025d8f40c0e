package io.vl3.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ExtraPrefixRequest;
import io.vl3.connection.IpContext;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.FailAt;
import io.vl3.endpoint.LeakCheck;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.journal.TestJournals;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Addresses over restarts of the endpoint that gave them. */
class DurableBindingsTest {

  private static final Caller MANAGER = new Caller("uid:0");

  @RegisterExtension final LeakCheck leaks = new LeakCheck();

  @TempDir private java.nio.file.Path directory;

  private final FakeTimer timer = new FakeTimer();
  private final TestJournals journals = new TestJournals();
  private java.nio.file.Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("nse.journal");
  }

  @Test
  void restart_everyWorkloadGetsItsAddress_whateverTheOrder() throws Exception {
    try (Life life = life()) {
      assertThat(life.open("a")).isEqualTo("10.0.0.1/30");
      assertThat(life.open("b")).isEqualTo("10.0.0.5/30");
      assertThat(life.open("c")).isEqualTo("10.0.0.9/30");
    }
    try (Life life = life()) {
      assertThat(life.open("c")).isEqualTo("10.0.0.9/30");
      assertThat(life.open("new")).isEqualTo("10.0.0.13/30");
      assertThat(life.open("a")).isEqualTo("10.0.0.1/30");
      assertThat(life.open("b")).isEqualTo("10.0.0.5/30");
    }
  }

  @Test
  void restart_whoDoesNotComeForATokensLifetime_losesIt() throws Exception {
    try (Life life = life()) {
      life.open("a");
      life.open("b");
    }
    try (Life life = life()) {
      assertThat(life.ipam.bindings()).isEqualTo(2);
      timer.advance(Duration.ofMinutes(9));
      assertThat(life.open("b")).isEqualTo("10.0.0.5/30");
      timer.advance(Duration.ofMinutes(1));
      assertThat(life.ipam.bindings()).isEqualTo(1);
      assertThat(life.open("late")).isEqualTo("10.0.0.1/30");
      assertThat(life.open("a")).isEqualTo("10.0.0.9/30");
    }
  }

  @Test
  void restart_anotherCallerOfTheSameName_isAnother() throws Exception {
    try (Life life = life()) {
      life.open("a");
    }
    try (Life life = life()) {
      Connection asked = life.connection("a", "conn-a");
      Connection answer =
          life.runner.request(
              ConnectionRequest.of(asked), new Caller("spiffe://other/manager"), life.deadline());
      assertThat(address(answer)).isEqualTo("10.0.0.5/30");
      life.runner.close(answer, new Caller("spiffe://other/manager"), life.deadline());
      assertThat(life.open("a")).isEqualTo("10.0.0.1/30");
    }
  }

  @Test
  void closed_isFreeAfterTheRestartToo() throws Exception {
    try (Life life = life()) {
      life.open("a");
      life.open("b");
      life.close("a");
    }
    try (Life life = life()) {
      assertThat(life.open("c")).isEqualTo("10.0.0.1/30");
    }
  }

  @Test
  void closedAndBack_hasItsAddressAgain_unlessAnotherHasIt() throws Exception {
    try (Life life = life()) {
      life.open("a");
      life.open("b");
      life.close("a");
      life.close("b");
      assertThat(life.open("b")).isEqualTo("10.0.0.5/30");
      assertThat(life.open("c")).isEqualTo("10.0.0.1/30");
      assertThat(life.open("a")).isEqualTo("10.0.0.9/30");
      assertThat(life.ipam.live()).isEqualTo(3);
      life.close("b");
    }
    try (Life life = life()) {
      assertThat(life.open("d")).as("the disk says that it is free").isEqualTo("10.0.0.5/30");
      assertThat(life.open("a")).isEqualTo("10.0.0.9/30");
    }
  }

  @Test
  void backInVain_leavesNothing() throws Exception {
    try (Life life = life(FailAt.answer(2))) {
      life.open("a");
      life.close("a");
      assertThatThrownBy(() -> life.open("a")).isInstanceOf(EndpointException.class);
      assertThat(life.ipam.live()).isZero();
      assertThat(life.ipam.bindings()).isZero();
      assertThat(life.open("a")).isEqualTo("10.0.0.1/30");
    }
  }

  @Test
  void endpointEndsInOrder_closesEverything_andStillKnowsThem() throws Exception {
    try (Life life = life()) {
      life.open("a");
      life.open("b");
      life.state.retain();
      life.close("a");
      assertThat(life.open("late")).isEqualTo("10.0.0.9/30");
      life.close("b");
      life.close("late");
    }
    try (Life life = life()) {
      assertThat(life.open("b")).isEqualTo("10.0.0.5/30");
      assertThat(life.open("a")).isEqualTo("10.0.0.1/30");
    }
  }

  @Test
  void sameWorkloadByAnotherConnectionId_takesItsAddressWithIt() throws Exception {
    try (Life life = life()) {
      life.open("a");
      Connection again = life.request(life.connection("a", "manager's new id"));
      assertThat(address(again)).isEqualTo("10.0.0.1/30");
      life.close("a");
      assertThat(life.open("b")).isEqualTo("10.0.0.5/30");
      life.close(again);
      assertThat(life.open("c")).isEqualTo("10.0.0.1/30");
      assertThat(life.ipam.live()).isEqualTo(2);
    }
  }

  @Test
  void refreshMovedByExclusions_isMovedAfterTheRestartToo() throws Exception {
    try (Life life = life()) {
      life.open("a");
      assertThat(address(life.request(excluding(life.connection("a", "conn-a"), "10.0.0.0/30"))))
          .isEqualTo("10.0.0.5/30");
    }
    try (Life life = life()) {
      assertThat(life.open("b")).isEqualTo("10.0.0.1/30");
      assertThat(life.open("a")).isEqualTo("10.0.0.5/30");
    }
  }

  @Test
  void extraPrefixes_areKept() throws Exception {
    try (Life life = life()) {
      life.open("a");
      assertThat(life.request(asking(life.connection("b", "conn-b"))).ip().extraPrefixes())
          .hasToString("[10.0.0.16/28]");
    }
    try (Life life = life()) {
      assertThat(life.request(asking(life.connection("c", "conn-c"))).ip().extraPrefixes())
          .hasToString("[10.0.0.32/28]");
      Connection b = life.request(asking(life.connection("b", "conn-b")));
      assertThat(b.ip().extraPrefixes()).hasToString("[10.0.0.16/28]");
      assertThat(address(b)).isEqualTo("10.0.0.5/30");
    }
  }

  @Test
  void failedFirstRequest_isNotRemembered() throws Exception {
    try (Life life = life(FailAt.answer(1))) {
      assertThatThrownBy(() -> life.open("a")).isInstanceOf(EndpointException.class);
      assertThat(life.ipam.live()).isZero();
      assertThat(life.ipam.bindings()).isZero();
    }
    try (Life life = life()) {
      assertThat(life.ipam.bindings()).isZero();
    }
  }

  @Test
  void failedRequestAfterTheRestart_leavesTheAddressKept() throws Exception {
    try (Life life = life()) {
      life.open("a");
    }
    try (Life life = life(FailAt.answer(1))) {
      assertThatThrownBy(() -> life.open("a")).isInstanceOf(EndpointException.class);
      assertThat(life.open("b")).isEqualTo("10.0.0.5/30");
      assertThat(life.open("a")).isEqualTo("10.0.0.1/30");
    }
  }

  @Test
  void failedMove_leavesTheOldBindingOnTheDisk() throws Exception {
    try (Life life = life(FailAt.answer(2))) {
      life.open("a");
      assertThatThrownBy(
              () -> life.request(excluding(life.connection("a", "conn-a"), "10.0.0.0/30")))
          .isInstanceOf(EndpointException.class);
      assertThat(life.ipam.live()).isEqualTo(1);
    }
    try (Life life = life()) {
      assertThat(life.open("b")).isEqualTo("10.0.0.5/30");
      assertThat(life.open("a")).isEqualTo("10.0.0.1/30");
    }
  }

  @Test
  void freedAddressRests_alsoOverARestart() throws Exception {
    NseState.Settings minute = new NseState.Settings(Duration.ofMinutes(1), Duration.ofMinutes(10));
    try (Life life = new Life(minute, "10.0.0.0/24", AddressingMode.POINT_TO_POINT)) {
      life.open("a");
      life.close("a");
      assertThat(life.open("b")).isEqualTo("10.0.0.5/30");
      timer.advance(Duration.ofSeconds(30));
    }
    try (Life life = new Life(minute, "10.0.0.0/24", AddressingMode.POINT_TO_POINT)) {
      assertThat(life.open("c")).isEqualTo("10.0.0.9/30");
      timer.advance(Duration.ofSeconds(30));
      assertThat(life.open("d")).isEqualTo("10.0.0.1/30");
      assertThat(life.ipam.live()).isEqualTo(3);
    }
  }

  @Test
  void poolOfTheConfigChanged_workloadsGetAddressesOfTheNewOne() throws Exception {
    try (Life life = life()) {
      life.open("a");
      life.open("b");
    }
    try (Life life =
        new Life(NseState.Settings.DEFAULT, "10.7.0.0/24", AddressingMode.POINT_TO_POINT)) {
      assertThat(life.open("b")).isEqualTo("10.7.0.1/30");
      assertThat(life.ipam.live()).as("b's new one, and a's old one until a comes").isEqualTo(2);
    }
    try (Life life =
        new Life(NseState.Settings.DEFAULT, "10.7.0.0/24", AddressingMode.UNNUMBERED)) {
      assertThat(life.open("a")).as("b's /30 of before is kept for b").isEqualTo("10.7.0.4/32");
      assertThat(life.open("b")).isEqualTo("10.7.0.5/32");
      assertThat(life.ipam.live()).isEqualTo(2);
    }
  }

  @Test
  void diskFull_newWorkloadsAreRefusedWithTheReason_othersGoOn() throws Exception {
    leaks.expectErrors();
    try (Life life = life()) {
      life.open("a");
      journals.fill();
      assertThatThrownBy(() -> life.open("b"))
          .isInstanceOfSatisfying(
              EndpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE))
          .hasMessageContaining("journal: the binding of b was not written")
          .hasMessageContaining("No space left on device");
      assertThat(life.open("a")).isEqualTo("10.0.0.1/30");
      assertThat(life.ipam.live()).isEqualTo(1);
      assertThat(life.state.trouble()).contains("No space left on device");
      journals.repair();
      assertThat(life.open("c")).isEqualTo("10.0.0.5/30");
      assertThat(life.state.trouble()).isEmpty();
    }
    try (Life life = life()) {
      assertThat(life.ipam.bindings()).isEqualTo(2);
      assertThat(life.open("c")).isEqualTo("10.0.0.5/30");
    }
  }

  @Test
  void answer_waitsForTheDisk_theRestOfTheChainDoesNot() throws Exception {
    CountDownLatch behind = new CountDownLatch(1);
    LinkedBlockingQueue<Runnable> disk = new LinkedBlockingQueue<>();
    Executor later = disk::add;
    Endpoint end =
        (request, session, next) -> {
          behind.countDown();
          return next.request(request);
        };
    NseState state = NseState.of(journals.open(file, later), NseState.Settings.DEFAULT, timer);
    Life life = new Life(state, "10.0.0.0/24", AddressingMode.POINT_TO_POINT, end);
    CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> life.openUnchecked("a"));
    assertThat(behind.await(60, TimeUnit.SECONDS)).isTrue();
    Runnable write = disk.poll(60, TimeUnit.SECONDS);
    assertThat(answer).isNotDone();
    write.run();
    assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo("10.0.0.1/30");
    assertThat(life.open("a")).as("a refresh that changes nothing asks no disk").isNotEmpty();
    assertThat(disk).isEmpty();
  }

  @Test
  void leasedPrefix_isRemembered() throws Exception {
    try (Life life = life()) {
      assertThat(life.state.formerPrefixes()).isEmpty();
      life.state.follow(FixedPrefixes.of(IpPrefix.parse("10.0.3.0/24"), IpPrefix.parse("fd::/64")));
    }
    try (Life life = life()) {
      assertThat(life.state.formerPrefixes()).hasToString("[10.0.3.0/24, fd::/64]");
    }
  }

  @Test
  void anyHistory_cutOrDamagedAtAnyByte_neverTwoOwners_andOnlyWhatWas() throws Exception {
    Map<String, Set<String>> had = new HashMap<>();
    Random random = new Random(42);
    try (Life life = life()) {
      Set<String> open = new HashSet<>();
      for (int i = 0; i < 60; i++) {
        String name = "w" + random.nextInt(6);
        if (open.contains(name) && random.nextInt(3) == 0) {
          life.close(name);
          open.remove(name);
        } else {
          Connection asked = life.connection(name, "conn-" + name);
          int excluded = random.nextInt(6);
          String address =
              address(life.request(excluding(asked, "10.0.0.%d/30".formatted(4 * excluded))));
          had.computeIfAbsent(name, n -> new HashSet<>()).add(address);
          open.add(name);
        }
      }
    }
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      Files.write(file, Arrays.copyOf(whole, at));
      checkBindings("cut at " + at, had);
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 + random.nextInt(255));
      Files.write(file, damaged);
      checkBindings("damaged at " + at, had);
    }
  }

  private void checkBindings(String what, Map<String, Set<String>> had) throws IOException {
    try (NseState state =
        NseState.of(journals.open(file, Runnable::run), NseState.Settings.DEFAULT, timer)) {
      Map<BindingKey, Binding> bindings = state.formerBindings();
      PrefixSet owned = PrefixSet.EMPTY;
      for (Map.Entry<BindingKey, Binding> each : bindings.entrySet()) {
        IpPrefix block = each.getValue().blocks().get(0);
        assertThat(owned.overlaps(block)).as("%s: %s", what, bindings).isFalse();
        owned = owned.union(PrefixSet.of(block));
        assertThat(had.get(each.getKey().client()))
            .as(what)
            .contains(block.first().plus(1) + "/30");
      }
    }
  }

  private Life life(Endpoint... behind) throws IOException {
    return new Life(
        NseState.of(journals.open(file, Runnable::run), NseState.Settings.DEFAULT, timer),
        "10.0.0.0/24",
        AddressingMode.POINT_TO_POINT,
        behind);
  }

  private static Connection excluding(Connection connection, String... excluded) {
    return connection.withIp(
        connection
            .ip()
            .withExcludedPrefixes(Arrays.stream(excluded).map(IpPrefix::parse).toList()));
  }

  private static Connection asking(Connection connection) {
    ExtraPrefixRequest extra = new ExtraPrefixRequest(IpFamily.IPV4, 28, 1, 1);
    return connection.withIp(
        new IpContext(
            List.of(), List.of(), List.of(), List.of(), List.of(), List.of(extra), List.of()));
  }

  private static String address(Connection answer) {
    return answer.ip().clientAddresses().get(0).toString();
  }

  /** One life of the endpoint. Closing it lets the journal go and nothing else, as a kill would. */
  private final class Life implements AutoCloseable {

    private final NseState state;
    private final IpamEndpoint ipam;
    private final EndpointRunner runner;

    Life(NseState.Settings settings, String prefix, AddressingMode mode) throws IOException {
      this(NseState.of(journals.open(file, Runnable::run), settings, timer), prefix, mode);
    }

    Life(NseState state, String prefix, AddressingMode mode, Endpoint... behind) {
      this.state = state;
      this.ipam =
          IpamEndpoint.of(
              FixedPrefixes.of(IpPrefix.parse(prefix)),
              mode,
              PrefixSet.EMPTY,
              session -> false,
              state);
      List<Endpoint> elements = new ArrayList<>(List.of(ipam));
      elements.addAll(List.of(behind));
      this.runner =
          new EndpointRunner(
              EndpointChain.of("test", elements), Runnable::run, timer, Duration.ofSeconds(5));
    }

    String open(String workload) throws EndpointException {
      return address(request(connection(workload, "conn-" + workload)));
    }

    String openUnchecked(String workload) {
      try {
        return open(workload);
      } catch (EndpointException failure) {
        throw new IllegalStateException(failure);
      }
    }

    Connection request(Connection connection) throws EndpointException {
      return runner.request(ConnectionRequest.of(connection), MANAGER, deadline());
    }

    void close(String workload) throws EndpointException {
      close(connection(workload, "conn-" + workload));
    }

    void close(Connection connection) throws EndpointException {
      runner.close(connection, MANAGER, deadline());
    }

    Connection connection(String workload, String id) {
      return Connection.to("vl3")
          .withId(new ConnectionId(id))
          .withPath(
              new Path(
                  1,
                  List.of(PathSegment.of(workload, "id-" + workload), PathSegment.of("nsm", id))));
    }

    Deadline deadline() {
      return Deadline.after(Duration.ofSeconds(30), timer);
    }

    @Override
    public void close() {
      state.close();
    }
  }
}
