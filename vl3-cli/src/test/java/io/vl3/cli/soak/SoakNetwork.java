package io.vl3.cli.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.process.Machine;
import io.vl3.cli.process.Vl3Process;
import io.vl3.cli.process.Wait;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.KernelState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Three NSEs of one machine that are peers, in processes of their own: the first one runs the
 * manager too, the last one is killed now and then. Thread-safe.
 */
final class SoakNetwork implements AutoCloseable {

  static final String SERVICE = "soak";

  /** How long what an NSE or the manager knows of others lasts. */
  static final Duration TOKEN_LIFETIME = Duration.ofSeconds(60);

  private static final int NSES = 3;

  private final Machine machine;
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final Map<String, Vl3Process> running = new ConcurrentHashMap<>();
  private final Outages outages = new Outages();
  private final AtomicInteger lives = new AtomicInteger(1);
  private final AtomicInteger workloads = new AtomicInteger();

  /** Held while a process is started or killed. */
  private final Object turn = new Object();

  /** Guards the making of namespaces. */
  private final Object fixtures = new Object();

  /** Starts the NSEs and waits until each has a link to each. */
  SoakNetwork(Path directory) throws Exception {
    machine = new Machine(directory);
    for (int i = 1; i <= NSES; i++) {
      String name = Machine.unique("soak" + i + "-");
      ports.put(name, freePort());
      running.put(name, machine.run(name, config(name, i)));
    }
    for (String nse : nses()) {
      Wait.until(() -> nse + " has links to its peers", () -> metrics(nse).peersUp() == NSES - 1);
    }
  }

  /** The NSEs' names: first the one whose process runs the manager, last the one that is killed. */
  List<String> nses() {
    return List.copyOf(ports.keySet());
  }

  String mortal() {
    return nses().get(NSES - 1);
  }

  /** Those that live as long as this. */
  List<String> steady() {
    return nses().subList(0, NSES - 1);
  }

  /** How many processes the one that is killed has had. */
  int lives() {
    return lives.get();
  }

  Outages outages() {
    return outages;
  }

  long pid(String nse) {
    return process(nse).pid();
  }

  boolean isAlive(String nse) {
    return process(nse).isAlive();
  }

  int port(String nse) {
    return ports.getOrDefault(nse, 0);
  }

  MetricsPage metrics(String nse) throws IOException {
    return MetricsPage.of(port(nse));
  }

  Path runDirectory() {
    return machine.runDirectory();
  }

  /** Kills the last NSE and starts it again; returns when it is registered. */
  void killAndStart() throws Exception {
    synchronized (turn) {
      String nse = mortal();
      long begin = outages.begin();
      try {
        process(nse).kill();
        running.put(nse, machine.run(nse, config(nse, NSES)));
        lives.incrementAndGet();
      } finally {
        outages.end(begin);
      }
    }
  }

  /** A new namespace for a workload. */
  Netns newWorkload() throws IOException {
    synchronized (fixtures) {
      return machine.workload("w" + workloads.incrementAndGet());
    }
  }

  /** Interfaces of an NSE's namespace. */
  static long interfaces(String nse) throws IOException {
    return lines(KernelState.ip(Machine.endpoint(nse), "-o", "link"));
  }

  /** Routes of an NSE's namespace, in all tables. */
  static long routes(String nse) throws IOException {
    return lines(KernelState.ip(Machine.endpoint(nse), "-o", "route", "show", "table", "all"));
  }

  /** Asks all to end, the one with the manager last; each takes its namespace along. */
  void stop() throws Exception {
    List<String> last = new ArrayList<>(nses());
    Collections.reverse(last);
    for (String nse : last) {
      process(nse).stop();
      assertThat(process(nse).exitCode()).as(nse + " ends well").isZero();
      assertThat(Machine.endpoint(nse).exists()).as("namespace of " + nse).isFalse();
    }
  }

  /** What the processes printed last, for a failure's text. */
  String words() {
    StringBuilder all = new StringBuilder();
    for (String nse : nses()) {
      all.append(nse).append(": ").append(end(nse)).append(System.lineSeparator());
    }
    return all.toString();
  }

  private String end(String nse) {
    try {
      String output = process(nse).output();
      return output.substring(Math.max(0, output.length() - 2_000));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private Vl3Process process(String nse) {
    Vl3Process process = running.get(nse);
    if (process == null) {
      throw new IllegalArgumentException("nse: %s (expected: one of %s)".formatted(nse, nses()));
    }
    return process;
  }

  private String config(String name, int index) {
    return """
    endpoints:
    - name: %s
      nseName: %s
      vl3:
        ipam: {defaultPrefixPool: 10.96.0.0/16, prefixIndex: %d}
    nsm: {tokenLifetime: %ds}
    metrics: {port: %d, address: 127.0.0.1}
    """
        .formatted(SERVICE, name, index, TOKEN_LIFETIME.toSeconds(), port(name));
  }

  private static long lines(String text) {
    return text.lines().filter(line -> !line.isBlank()).count();
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0)) {
      return any.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException {
    machine.close();
  }
}
