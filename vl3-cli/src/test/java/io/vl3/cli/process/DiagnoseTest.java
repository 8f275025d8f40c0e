package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spiffe.svid.x509svid.X509Svid;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.KernelState;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.transport.identity.TestAuthority;
import io.vl3.vpp.api.FakeVppServer;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import io.vl3.vpp.testing.FakeVppModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code vl3 diagnose} beside real processes in namespaces, with one fault each: its first line
 * names the cause. Faults that can be taken away are put into one network of two NSEs, of which it
 * finds nothing wrong before and after.
 */
@RequiresNetns
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("try") // who offends is only held
class DiagnoseTest {

  private static final String NSE =
      """
      endpoints:
      - name: diag-service
        nseName: %s
        vl3: {ipam: {defaultPrefixPool: 10.96.0.0/16, %s}}
      """;

  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir static Path directory;

  private final String one = Machine.unique("dga");
  private final String two = Machine.unique("dgb");
  private Machine machine;
  private Vl3Process runTwo;

  @BeforeAll
  void start() throws Exception {
    machine = new Machine(Files.createDirectory(directory.resolve("network")));
    machine.run(one, NSE.formatted(one, "prefixIndex: 1"));
    runTwo = machine.run(two, NSE.formatted(two, "prefixIndex: 2"));
    List<Netns> workloads = List.of(machine.workload("a"), machine.workload("b"));
    var unused = machine.client("diag-service", workloads);
    for (Netns workload : workloads) {
      Machine.awaitAddress(workload, "10.96.");
    }
    awaitWell();
  }

  @AfterAll
  void stop() throws Exception {
    machine.close();
  }

  @Test
  @Order(1)
  void aNetworkThatWorks_hasNothingWrong_andMostIsLookedAt() throws Exception {
    Diagnosed well = awaitWell();
    assertThat(well.out().lines().filter(line -> line.contains(" well ")).count())
        .as(well.out())
        .isGreaterThanOrEqualTo(15);
    assertThat(Diagnosed.of(run(), one).code()).isZero();
    assertThat(Diagnosed.of(run(), "nobody").code()).isEqualTo(4);
    assertThat(Diagnosed.of(directory.resolve("empty")).code()).isEqualTo(4);
  }

  @Test
  @Order(2)
  void reversePathFilterStrict() throws Exception {
    String link = peerLink(one, "10.96.2.0/24");
    setting(one, "ipv4/conf/%s/rp_filter".formatted(link), "1");
    Diagnosed.await(run(), Fault.REVERSE_PATH_STRICT, one);
    setting(one, "ipv4/conf/%s/rp_filter".formatted(link), "0");
    awaitWell();
  }

  @Test
  @Order(3)
  void firewallRuleThatDrops_explainsWhatIsLost() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/sbin/nft")), "nft (package nftables)");
    nft(two, "add table inet filter");
    nft(two, "add chain inet filter forward { type filter hook forward priority 0; }");
    nft(two, "add rule inet filter forward ip daddr 10.96.0.0/16 counter drop");
    Diagnosed found =
        Diagnosed.await(run(), Fault.FIREWALL_DROPS, two + ", chain inet filter forward");
    nft(two, "delete table inet filter");
    assertThat(found.words())
        .contains("`ip daddr 10.96.0.0/16 counter drop`")
        .contains("It explains: peer forwards nothing: " + two);
    awaitWell();
  }

  /** The manager gives it its name back every five seconds, as somebody takes it away. */
  @Test
  @Order(4)
  void interfaceRenamed_againAndAgain() throws Exception {
    String link = peerLink(one, "10.96.2.0/24");
    try (Offender unused =
        Offender.start(
            () -> KernelState.ip(nse(one), "link", "set", "dev", link, "name", "eth7"))) {
      Diagnosed.await(run(), Fault.INTERFACE_RENAMED, "%s of %s is eth7 now".formatted(link, one));
    }
    awaitWell();
  }

  /** A queue that drops what is larger than its bucket says nothing to who has sent it. */
  @Test
  @Order(5)
  void mtuBlackHole() throws Exception {
    String link = peerLink(two, "10.96.1.0/24");
    assumeTrue(tc("add", link, "tbf rate 1gbit burst 1300 latency 50ms"), "tc with tbf");
    Diagnosed found = Diagnosed.await(run(), Fault.MTU_BLACK_HOLE, one + " to " + two);
    assertThat(tc("del", link, "")).isTrue();
    assertThat(found.words())
        .containsPattern("Packets of 1500 bytes vanish.*12[5-9][0-9] bytes pass");
    awaitWell();
  }

  @Test
  @Order(6)
  void peerThatAnswersAndForwardsNothing() throws Exception {
    String link = peerLink(two, "10.96.1.0/24");
    String rule = "pref 10 iif " + link + " blackhole";
    rule("add", rule);
    Diagnosed.await(run(), Fault.PEER_FORWARDS_NOTHING, "%s, seen from %s".formatted(two, one));
    rule("del", rule);
    awaitWell();
  }

  @Test
  @Order(7)
  void cpuThrottled() throws Exception {
    try (CpuQuota quota = CpuQuota.tight("vl3-diagnose-" + ProcessHandle.current().pid())) {
      quota.take(runTwo.pid());
      Diagnosed.await(run(), Fault.CPU_THROTTLED, "cgroup ");
    }
    awaitWell();
  }

  @Test
  @Order(8)
  void processStopped_isSaidToHang() throws Exception {
    signal(runTwo, "STOP");
    Diagnosed found = Diagnosed.of(run());
    signal(runTwo, "CONT");
    assertThat(found.out()).startsWith(Fault.PROCESS_HANGS.words() + ": vl3 run, process ");
    assertThat(found.out()).contains("It is stopped");
    awaitWell();
  }

  @Test
  @Order(9)
  void forwardingOff_againAndAgain() throws Exception {
    try (Offender unused = Offender.start(() -> setting(two, "ipv4/ip_forward", "0"))) {
      Diagnosed.await(run(), Fault.FORWARDING_OFF, two);
    }
    awaitWell();
  }

  @Test
  @Order(10)
  void processKilled_isGone() throws Exception {
    runTwo.kill();
    Diagnosed.await(run(), Fault.PROCESS_GONE, two);
  }

  @Test
  void managerDown() throws Exception {
    try (Machine alone = machine("down")) {
      ShortLivedManager manager = new ShortLivedManager(alone.runDirectory(), HOUR);
      String nse = Machine.unique("dgc");
      String socket = "unix://" + alone.runDirectory().resolve("nsm.io.sock");
      var unused = alone.run(nse, single(nse) + nsm(alone, nse, socket, ""));
      Diagnosed.awaitWell(alone.runDirectory());
      manager.close();
      Diagnosed.await(alone.runDirectory(), Fault.MANAGER_DOWN, socket);
    }
  }

  @Test
  void wrongSocket_andWhoListensNearby() throws Exception {
    try (Machine alone = machine("wrong");
        ShortLivedManager manager = new ShortLivedManager(alone.runDirectory(), HOUR)) {
      String nse = Machine.unique("dgd");
      String socket = "unix://" + alone.runDirectory().resolve("nsm.sock");
      var unused = alone.begin(nse, single(nse) + nsm(alone, nse, socket, ""));
      Diagnosed found = awaitRunning(alone, Fault.WRONG_SOCKET, socket);
      assertThat(found.words()).contains("somebody listens at " + alone.runDirectory());
      assertThat(manager.knows(nse)).isFalse();
    }
  }

  @Test
  void registryDown() throws Exception {
    try (Machine alone = machine("regd");
        FakeRegistry registry = FakeRegistry.away()) {
      String nse = Machine.unique("dge");
      var unused =
          alone.begin(nse, single(nse) + nsm(alone, nse, registry.url(), ", insecure: true"));
      awaitRunning(alone, Fault.REGISTRY_DOWN, "behind " + registry.url());
    }
  }

  @Test
  void registryThatForgets() throws Exception {
    try (Machine alone = machine("rega");
        FakeRegistry registry = FakeRegistry.forgetful()) {
      String nse = Machine.unique("dgf");
      var unused =
          alone.run(nse, single(nse) + nsm(alone, nse, registry.url(), ", insecure: true"));
      Diagnosed.await(alone.runDirectory(), Fault.REGISTRY_AMNESIA, nse);
    }
  }

  @Test
  void registrysClockTenMinutesOff() throws Exception {
    try (Machine alone = machine("clock");
        ShortLivedManager manager =
            new ShortLivedManager(
                alone.runDirectory(),
                Duration.ofMinutes(1),
                timer -> new ShiftedTimer(timer, Duration.ofMinutes(-10)))) {
      String nse = Machine.unique("dgg");
      var unused = alone.run(nse, single(nse));
      Diagnosed found =
          Diagnosed.await(alone.runDirectory(), Fault.CLOCK_OFF, "this machine's or that of the");
      assertThat(found.words()).containsPattern("over 5[4-9][0-9] s ago");
      assertThat(manager.knows(nse)).isTrue();
    }
  }

  @Test
  void ipamUnreachable() throws Exception {
    try (Machine alone = machine("ipam")) {
      String nse = Machine.unique("dgh");
      var unused = alone.begin(nse, NSE.formatted(nse, "serverAddress: '127.0.0.1:9'"));
      awaitRunning(alone, Fault.IPAM_UNREACHABLE, "tcp://127.0.0.1:9 of " + nse);
    }
  }

  @Test
  void poolFull() throws Exception {
    try (Machine alone = machine("pool")) {
      String nse = Machine.unique("dgi");
      var unused = alone.run(nse, NSE.formatted(nse, "prefix: 10.96.3.0/30"));
      Diagnosed.awaitWell(alone.runDirectory());
      var client = alone.client("diag-service", List.of(alone.workload("p"), alone.workload("q")));
      Diagnosed found =
          Diagnosed.await(alone.runDirectory(), Fault.POOL_FULL, "10.96.3.0/30 of " + nse);
      client.awaitOutput("not attached yet");
      assertThat(found.code()).isEqualTo(1);
    }
  }

  @Test
  void prefixOverlap() throws Exception {
    try (Machine alone = machine("over")) {
      String nse = Machine.unique("dgj");
      String other = Machine.unique("dgk");
      var unused = alone.run(nse, NSE.formatted(nse, "prefixIndex: 4"));
      Vl3Process second = alone.run(other, NSE.formatted(other, "prefixIndex: 4"));
      Diagnosed.await(
          alone.runDirectory(), Fault.PREFIX_OVERLAP, "%s and %s".formatted(nse, other));
      second.stop();
      Diagnosed.awaitWell(alone.runDirectory());
    }
  }

  @Test
  void agentDown() throws Exception {
    try (Machine alone = machine("agent");
        FakeAgentServer agent = FakeAgentServer.onPort(new FakeAgent(), 0)) {
      String nse = Machine.unique("dgl");
      String address = "127.0.0.1:" + agent.port();
      var unused =
          alone.run(
              nse,
              single(nse) + "dataplane: {type: vpp-agent, address: '%s'}%n".formatted(address));
      Diagnosed.awaitWell(alone.runDirectory());
      agent.kill();
      Diagnosed.await(alone.runDirectory(), Fault.AGENT_DOWN, address + " of " + nse);
    }
  }

  @Test
  void vppDown() throws Exception {
    FakeVppModel model = new FakeVppModel();
    Path socket = directory.resolve("api.sock");
    try (Machine alone = machine("vpp");
        FakeVppServer vpp = FakeVppServer.start(socket, "23.06", model)) {
      model.eventsTo(vpp::event);
      String nse = Machine.unique("dgm");
      Path described = FakeVppServer.describe(directory.resolve("api"), "23.06");
      var unused =
          alone.run(
              nse,
              single(nse)
                  + "dataplane: {type: vpp, socket: '%s', apiDirectory: '%s'}%n"
                      .formatted(socket, described));
      Diagnosed.awaitWell(alone.runDirectory());
      vpp.kill();
      Diagnosed.await(alone.runDirectory(), Fault.VPP_DOWN, socket + " of " + nse);
    }
  }

  @Test
  void certificateExpired_andRenewed() throws Exception {
    TestAuthority authority = new TestAuthority("one.test");
    Path files = Files.createDirectory(directory.resolve("expired"));
    write(files, authority, authority.issue("/nse", Duration.ofSeconds(-30)));
    try (Machine alone = machine("cert")) {
      String nse = Machine.unique("dgn");
      var unused = alone.begin(nse, single(nse) + tls(files));
      awaitRunning(alone, Fault.CERTIFICATE_EXPIRED, files.resolve("svid.pem").toString());
      write(files, authority, authority.issue("/nse", HOUR));
      Diagnosed.awaitWell(alone.runDirectory());
    }
  }

  @Test
  void trustDomainOfTheManagerIsAnother() throws Exception {
    Path right = Files.createDirectory(directory.resolve("right"));
    Path wrong = Files.createDirectory(directory.resolve("wrong-domain"));
    TestAuthority authority = new TestAuthority("one.test");
    TestAuthority other = new TestAuthority("two.test");
    write(right, authority, authority.issue("/nse", HOUR));
    write(wrong, other, other.issue("/nse", HOUR));
    try (Machine alone = machine("trust")) {
      String nse = Machine.unique("dgo");
      var unused = alone.run(nse, NSE.formatted(nse, "prefixIndex: 1") + tls(right));
      Diagnosed.awaitWell(alone.runDirectory());
      String stranger = Machine.unique("dgp");
      alone.begin(stranger, NSE.formatted(stranger, "prefixIndex: 2") + tls(wrong));
      Diagnosed found = awaitRunning(alone, Fault.TRUST_DOMAIN_WRONG, "manager unix://");
      assertThat(found.words()).contains("spiffe://one.test/nse", "two.test");
    }
  }

  @Test
  void diskFull() throws Exception {
    Path small = Files.createDirectory(directory.resolve("small"));
    command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString());
    try (Machine alone = machine("disk")) {
      String nse = Machine.unique("dgq");
      var unused = alone.run(nse, single(nse) + "state: {journal: '%s'}%n".formatted(small));
      Diagnosed.awaitWell(alone.runDirectory());
      fill(small.resolve("rest"));
      Diagnosed.await(alone.runDirectory(), Fault.DISK_FULL, small.toString());
      Files.delete(small.resolve("rest"));
      Diagnosed.awaitWell(alone.runDirectory());
    } finally {
      command("umount", "--lazy", small.toString());
    }
  }

  @Test
  void configurationOfNobody_isCheckedBeforehand() throws Exception {
    Path file = directory.resolve("mistaken.yaml");
    Files.writeString(file, "endpoints: [{name: diag-service, vl3: {ipam: {pool: 1}}}]\n");
    Path empty = directory.resolve("nobody");
    Diagnosed mistaken = Diagnosed.of(empty, "--config", file.toString());
    assertThat(mistaken.out()).startsWith("configuration wrong: " + file);
    assertThat(mistaken.code()).isEqualTo(1);
    Files.writeString(file, single("dgr") + "dataplane: {type: vpp, socket: /nowhere/api.sock}\n");
    Diagnosed before = Diagnosed.of(empty, "--config", file.toString());
    assertThat(before.out()).startsWith("VPP down: /nowhere/api.sock of dgr");
    Files.writeString(file, single("dgr"));
    assertThat(Diagnosed.of(empty, "--config", file.toString()).code()).isZero();
  }

  private Path run() {
    return machine.runDirectory();
  }

  private Diagnosed awaitWell() throws Exception {
    return Diagnosed.awaitWell(run());
  }

  /**
   * Waits for a process that is just starting, of which nothing is seen before it has its socket.
   */
  private static Diagnosed awaitRunning(Machine alone, Fault fault, String where) throws Exception {
    Diagnosed found = Diagnosed.await(alone.runDirectory(), fault, where);
    assertThat(found.code()).isEqualTo(1);
    return found;
  }

  private static Machine machine(String name) throws IOException {
    return new Machine(Files.createDirectory(directory.resolve(name)));
  }

  private static String single(String nse) {
    return NSE.formatted(nse, "prefixIndex: 1");
  }

  private static String nsm(Machine alone, String nse, String manager, String more) {
    return "nsm: {api: v1, connectTo: '%s', listenOn: 'unix://%s'%s}%n"
        .formatted(manager, alone.runDirectory().resolveSibling(nse + ".sock"), more);
  }

  private static String tls(Path files) {
    return "nsm: {tls: {certificate: '%1$s/svid.pem', key: '%1$s/key.pem', trust: '%1$s/trust.pem'}}%n"
        .formatted(files);
  }

  private static void write(Path files, TestAuthority authority, X509Svid svid) throws Exception {
    Files.writeString(files.resolve("trust.pem"), TestAuthority.pem(authority.root()));
    Files.writeString(files.resolve("key.pem"), TestAuthority.keyPem(svid));
    Files.writeString(files.resolve("svid.pem"), TestAuthority.pem(svid.getLeaf()));
  }

  private static Netns nse(String name) {
    return Machine.endpoint(name);
  }

  private static void setting(String nse, String setting, String value) throws Exception {
    nse(nse).call(() -> Files.writeString(Path.of("/proc/sys/net", setting), value));
  }

  private static String peerLink(String at, String destination) throws Exception {
    Wait.until(
        () -> at + " routes to " + destination,
        () -> KernelState.ip(nse(at), "route", "show", destination).contains(" dev "));
    List<String> words =
        List.of(KernelState.ip(nse(at), "route", "show", destination).strip().split(" +", -1));
    return words.get(words.indexOf("dev") + 1).strip();
  }

  private void rule(String verb, String rule) throws IOException {
    String[] words = ("rule " + verb + " " + rule).split(" ", -1);
    assertThat(KernelState.ip(nse(two), words)).isEmpty();
  }

  private boolean tc(String verb, String link, String words) throws Exception {
    String line = "tc -n vl3-%s qdisc %s dev %s root %s".formatted(two, verb, link, words);
    return new ProcessBuilder(line.strip().split(" ", -1)).inheritIO().start().waitFor() == 0;
  }

  private static void nft(String nse, String words) throws Exception {
    command("ip", "netns", "exec", "vl3-" + nse, "/usr/sbin/nft", words);
  }

  private static void signal(Vl3Process process, String signal) throws Exception {
    command("kill", "-" + signal, String.valueOf(process.pid()));
  }

  private static void command(String... line) throws Exception {
    Process process = new ProcessBuilder(line).inheritIO().start();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(List.of(line).toString()).isZero();
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[4096];
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("space");
    }
  }

  /** Does something again and again, until it is closed. */
  private static final class Offender implements AutoCloseable {

    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;

    private Offender(Act act) {
      this.thread =
          new Thread(
              () -> {
                try {
                  do {
                    act.run();
                  } while (!end.await(50, TimeUnit.MILLISECONDS));
                } catch (Exception failure) {
                  end.countDown();
                }
              });
    }

    interface Act {
      void run() throws Exception;
    }

    static Offender start(Act act) {
      Offender offender = new Offender(act);
      offender.thread.start();
      return offender;
    }

    @Override
    public void close() {
      end.countDown();
      try {
        thread.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
