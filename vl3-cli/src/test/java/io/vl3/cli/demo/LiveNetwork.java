package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.config.TracingConfig;
import io.vl3.cli.demo.Children.Child;
import io.vl3.cli.demo.DemoPlan.Domain;
import io.vl3.cli.demo.DemoPlan.Nse;
import io.vl3.cli.demo.DemoPlan.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * A demonstration's network whose processes and links can be broken and mended, under pings between
 * all workloads.
 */
final class LiveNetwork implements AutoCloseable {

  private static final Duration START = Duration.ofMinutes(2);

  private final DemoNetwork network;
  private final String moreConfig;
  private final Map<String, Child> running = new TreeMap<>();
  private PairPings pings;

  private LiveNetwork(DemoNetwork network, String moreConfig) {
    this.network = network;
    this.moreConfig = moreConfig;
  }

  /** Makes nodes, their wires and workloads; no process runs yet. */
  static LiveNetwork build(DemoPlan plan) throws Exception {
    return build(plan, "");
  }

  /** The same, with more sections in the configuration of each NSE. */
  static LiveNetwork build(DemoPlan plan, String moreConfig) throws Exception {
    LiveNetwork live = new LiveNetwork(new DemoNetwork(plan), moreConfig);
    try {
      live.network.build();
      live.pings = new PairPings(live.network.hosts());
      return live;
    } catch (Exception | AssertionError failure) {
      live.close();
      throw failure;
    }
  }

  /** Starts everything and waits until every workload reaches every other. */
  static LiveNetwork start(DemoSize size, Path dir) throws Exception {
    LiveNetwork live = build(DemoPlan.of(size, dir));
    try {
      live.startAll();
      assertThat(live.pings.awaitAll(System.nanoTime(), START))
          .as("pairs that do not answer at the start; %s", live.logs())
          .isEmpty();
      return live;
    } catch (Exception | AssertionError failure) {
      live.close();
      throw failure;
    }
  }

  /** The same with a VPP for each NSE. */
  static LiveNetwork start(DemoSize size, Path dir, VppPrograms vpp) throws Exception {
    DemoPlan plan = DemoPlan.of(size, dir);
    LiveNetwork live =
        new LiveNetwork(
            new DemoNetwork(plan, Optional.of(vpp), new TraceRelay(TracingConfig.OFF)), "");
    try {
      live.network.build();
      live.pings = new PairPings(live.network.hosts());
      for (Nse nse : plan.nses().toList()) {
        live.startVpp(nse);
      }
      live.startAll();
      assertThat(live.pings.awaitAll(System.nanoTime(), START))
          .as("pairs that do not answer at the start; %s", live.logs())
          .isEmpty();
      return live;
    } catch (Exception | AssertionError failure) {
      live.close();
      throw failure;
    }
  }

  /** Starts the VPP of an NSE. */
  void startVpp(Nse nse) throws IOException {
    for (Domain domain : plan().domains()) {
      if (domain.nses().contains(nse)) {
        running.put(vpp(nse), network.startVpp(domain, nse));
      }
    }
  }

  /** The name of an NSE's VPP. */
  static String vpp(Nse nse) {
    return nse.name() + "-vpp";
  }

  /** Starts all NSEs, then all clients, and waits until each is registered or attached. */
  void startAll() throws IOException, InterruptedException {
    startAndAwait(plan().nses().map(Nse::name).toList());
    startAndAwait(plan().domains().stream().map(LiveNetwork::clients).toList());
  }

  /** Cuts a node off from the others. */
  void cutOff(Domain domain) throws IOException {
    Ip.batchIn(domain.node(), List.of("link set dev underlay0 down"));
  }

  /** Joins a node to the others again. */
  void join(Domain domain) throws IOException {
    Ip.batchIn(domain.node(), List.of("link set dev underlay0 up"));
  }

  PairPings pings() {
    return pings;
  }

  DemoPlan plan() {
    return network.plan();
  }

  List<WorkloadHost> hosts() {
    return network.hosts();
  }

  /** All processes' names: the NSEs', then the domains' clients. */
  List<String> names() {
    List<String> names = new ArrayList<>(plan().nses().map(Nse::name).toList());
    plan().domains().forEach(domain -> names.add(clients(domain)));
    return names;
  }

  static String clients(Domain domain) {
    return domain.name() + "-clients";
  }

  /** Starts a process and waits until it says that all of its business is done. */
  void startAndAwait(String name) throws IOException, InterruptedException {
    startAndAwait(List.of(name));
  }

  /** Starts processes at once, and waits for all. */
  void startAndAwait(List<String> names) throws IOException, InterruptedException {
    Map<String, Long> before = new TreeMap<>();
    for (String name : Set.copyOf(names)) {
      before.put(name, running.containsKey(name) ? ready(name) : 0);
      startProcess(name);
    }
    long end = System.nanoTime() + START.toNanos();
    for (String name : names) {
      long wanted = before.get(name) + business(name);
      while (ready(name) < wanted) {
        assertThat(System.nanoTime()).as("ready: %s; %s", name, logs()).isLessThan(end);
        running.get(name).process().waitFor(50, TimeUnit.MILLISECONDS);
      }
    }
  }

  /** How often a process says that it has done one of its tasks. */
  private int business(String name) {
    return plan().domains().stream()
        .filter(domain -> name.equals(clients(domain)))
        .findFirst()
        .map(domain -> domain.workloads().size())
        .orElse(1);
  }

  /** How often it has said so by now, over all its lives. */
  private long ready(String name) throws IOException {
    return Files.readAllLines(running.get(name).log()).stream()
        .filter(line -> line.contains(": registered for ") || line.contains(", served by "))
        .count();
  }

  void startProcess(String name) throws IOException {
    for (Domain domain : plan().domains()) {
      if (name.equals(clients(domain))) {
        running.put(name, network.startClients(domain));
      }
      for (Nse nse : domain.nses()) {
        if (name.equals(nse.name())) {
          running.put(name, network.startNse(domain, nse, config(domain, nse)));
        }
      }
    }
  }

  private String config(Domain domain, Nse nse) {
    return network.config(domain, nse) + moreConfig;
  }

  /** As {@code kill -9}. */
  void kill(String name) throws InterruptedException {
    running.get(name).process().destroyForcibly().waitFor();
  }

  /** Asks a process to end, and waits until it has. */
  void end(String name) throws InterruptedException {
    Process process = running.get(name).process();
    process.destroy();
    assertThat(process.waitFor(START.toSeconds(), TimeUnit.SECONDS)).as(name + " ends").isTrue();
  }

  /** Stops a process in its tracks, or lets it go on. */
  void signal(String name, String signal) throws IOException {
    long pid = running.get(name).process().pid();
    output("sh", "-c", "kill -%s %d".formatted(signal, pid));
  }

  /** The process that owns the domain's embedded manager: who holds the lock on its file. */
  String managerOwner(Domain domain) throws IOException {
    String inode = ":" + Files.getAttribute(domain.runDir().resolve("manager.lock"), "unix:ino");
    List<Long> holders = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/locks"))) {
      String[] words = line.trim().split(" +", -1);
      if (!words[1].equals("->") && words[5].endsWith(inode)) {
        holders.add(Long.parseLong(words[4]));
      }
    }
    return running.entrySet().stream()
        .filter(entry -> holders.contains(entry.getValue().process().pid()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new AssertionError("manager.lock: held by none of " + running.keySet()));
  }

  /**
   * Does something to one NSE's interface to another.
   *
   * @param command iproute2's words, {@code %s} for the interface
   */
  void breakPeerLink(Nse at, Nse to, String command) throws IOException, InterruptedException {
    breakLink(at.netns(), () -> peerInterface(at, to), command);
  }

  /** Deletes a workload's interface. */
  void deleteWorkloadLink(WorkloadHost host) throws IOException, InterruptedException {
    breakLink(host.netns(), () -> "nsm0", "link del dev %s");
  }

  /**
   * Takes something away in a namespace.
   *
   * @param command iproute2's words
   */
  void spoil(String netns, String command) throws IOException {
    assertThat(output(("ip -n " + netns + " " + command).split(" "))).as(command).isEmpty();
  }

  /** Tries until it is done: a link that is just being made anew is not there for a moment. */
  private void breakLink(String netns, InterfaceName name, String command)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (true) {
      String link = name.now();
      String broken = "no route";
      if (!link.isEmpty()) {
        broken = output(("ip -n " + netns + " " + command.formatted(link)).split(" "));
        if (broken.isEmpty()) {
          return;
        }
      }
      assertThat(System.nanoTime())
          .as("%s: %s: %s; %s", netns, command, broken, logs())
          .isLessThan(end);
      pings.awaitAll(System.nanoTime(), Duration.ofSeconds(1));
    }
  }

  /** Where a link's interface has its name from: another one each time it is made. */
  private interface InterfaceName {
    String now() throws IOException;
  }

  /** The interface of one NSE's link to another; empty while there is none. */
  String peerInterface(Nse at, Nse to) throws IOException {
    return interfaceOf(at, to.prefix());
  }

  /** The interface in an NSE's namespace that packets to the destination leave by. */
  String interfaceOf(Nse at, String destination) throws IOException {
    String route = output("ip", "-n", at.netns(), "route", "show", destination);
    List<String> words = List.of(route.trim().split(" +", -1));
    int dev = words.indexOf("dev");
    return dev < 0 ? "" : words.get(dev + 1).strip();
  }

  /** Workload pairs, both ways, of which one is served by the one NSE and one by the other. */
  Set<String> pairsBetween(Nse one, Nse other) {
    Set<String> crossing = new TreeSet<>();
    Map<String, String> addresses = addresses();
    addresses.forEach(
        (from, fromAddress) ->
            addresses.forEach(
                (to, toAddress) -> {
                  if ((one.owns(fromAddress) && other.owns(toAddress))
                      || (other.owns(fromAddress) && one.owns(toAddress))) {
                    crossing.add(from + ">" + to);
                  }
                }));
    return crossing;
  }

  /** The workloads' addresses by name. */
  Map<String, String> addresses() {
    return new FetchMatrix(hosts(), new HelloClient(DemoNetwork.PORT, Duration.ofSeconds(1)))
        .addresses();
  }

  List<Workload> workloads() {
    return plan().workloads().toList();
  }

  /** What the processes said, for a failure's message. */
  String logs() {
    StringBuilder text = new StringBuilder("what the processes said:");
    running.forEach((name, child) -> text.append("\n").append(name).append(":").append(log(child)));
    return text.toString();
  }

  private static String log(Child child) {
    try {
      List<String> lines = Files.readAllLines(child.log());
      return "\n  "
          + String.join("\n  ", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException unreadable) {
      return " " + unreadable;
    }
  }

  /** With {@code -Dvl3.logs=DIR} the processes' output is kept there. */
  private void keepLogs() throws IOException {
    String keep = System.getProperty("vl3.logs", "");
    if (!keep.isEmpty()) {
      Files.createDirectories(Path.of(keep));
      for (Child child : running.values()) {
        Files.copy(
            child.log(), Path.of(keep, child.name() + ".log"), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (pings != null) {
      pings.close();
    }
    for (String name : running.keySet()) {
      signal(name, "CONT");
    }
    keepLogs();
    network.close();
  }

  static String output(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
