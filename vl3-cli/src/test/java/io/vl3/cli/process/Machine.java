package io.vl3.cli.process;

import io.vl3.linux.IcmpProbe;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.KernelState;
import io.vl3.linux.testing.TestNetns;
import io.vl3.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code vl3} processes of one machine with their run directory, and workloads' namespaces. The
 * end of the test ends the processes and removes the namespaces.
 */
public final class Machine implements AutoCloseable {

  private static final Pattern IPV4 = Pattern.compile("inet ([0-9.]+)[ /]");
  private static final Duration PING_TIMEOUT = Duration.ofSeconds(1);

  private final Path directory;
  private final TestNetns workloads = new TestNetns("vl3-machine");
  private final List<Vl3Process> processes = new ArrayList<>();
  private final Set<Netns> endpoints = new TreeSet<>((a, b) -> a.url().compareTo(b.url()));

  /** A machine whose files are in the directory. */
  public Machine(Path directory) {
    this.directory = directory;
  }

  /** A name for an endpoint that nobody else on this host has. */
  public static String unique(String name) {
    return name + ProcessHandle.current().pid();
  }

  /** Starts {@code vl3 run} and waits until its endpoint is registered. */
  public Vl3Process run(String endpoint, String config) throws Exception {
    return run(endpoint, config, Map.of());
  }

  /** The same with variables in its environment. */
  Vl3Process run(String endpoint, String config, Map<String, String> variables) throws Exception {
    Vl3Process run = begin(endpoint, config, variables);
    run.awaitOutput(endpoint + ": registered for ");
    return run;
  }

  /** Starts {@code vl3 run}, and does not wait. */
  Vl3Process begin(String endpoint, String config) throws IOException {
    return begin(endpoint, config, Map.of());
  }

  private Vl3Process begin(String endpoint, String config, Map<String, String> variables)
      throws IOException {
    Path file = directory.resolve(endpoint + ".yaml");
    Files.writeString(file, config);
    endpoints.add(endpoint(endpoint));
    return start(variables, "run", "--config", file.toString());
  }

  /** Starts {@code vl3 client} for workloads, and does not wait. */
  Vl3Process client(String service, List<Netns> netns) throws IOException {
    return client(service, netns, Map.of());
  }

  /** The same with its log on its output, from DEBUG on. */
  Vl3Process talkativeClient(String service, List<Netns> netns) throws IOException {
    String configuration = String.valueOf(Vl3Process.class.getResource("/logback-talkative.xml"));
    return client(
        service,
        netns,
        Map.of("JAVA_TOOL_OPTIONS", "-Dlogback.configurationFile=" + configuration));
  }

  /** The same for workloads with labels. */
  Vl3Process labelledClient(String service, List<Netns> netns, Map<String, String> labels)
      throws IOException {
    List<String> line = clientLine(service, netns);
    labels.forEach((key, value) -> line.addAll(List.of("--label", key + "=" + value)));
    return start(Map.of(), line.toArray(String[]::new));
  }

  private Vl3Process client(String service, List<Netns> netns, Map<String, String> variables)
      throws IOException {
    return start(variables, clientLine(service, netns).toArray(String[]::new));
  }

  private static List<String> clientLine(String service, List<Netns> netns) {
    List<String> line = new ArrayList<>(List.of("client", "--service", service));
    for (Netns each : netns) {
      line.addAll(List.of("--netns", each.path().toString()));
    }
    return line;
  }

  /** Where its processes meet. */
  public Path runDirectory() {
    return directory.resolve("vl3");
  }

  /** A new, empty namespace. */
  public Netns workload(String name) throws IOException {
    return workloads.add(name);
  }

  /** The namespace of an endpoint. */
  public static Netns endpoint(String name) {
    return Netns.named("vl3-" + name);
  }

  /** The IPv4 address that a workload has now; empty for none. */
  static String address(Netns workload) throws IOException {
    Matcher address =
        IPV4.matcher(KernelState.ip(workload, "-o", "-4", "address", "show", "dev", "nsm0"));
    return address.find() ? address.group(1) : "";
  }

  /** Waits until a workload has an address that begins so. */
  static String awaitAddress(Netns workload, String begin) throws Exception {
    Wait.until(
        () -> "%s has an address %s*".formatted(workload, begin),
        () -> !address(workload).isEmpty() && address(workload).startsWith(begin));
    return address(workload);
  }

  /** Waits until one workload gets an answer from another. */
  static void awaitPing(Netns from, Netns to) throws Exception {
    Wait.until(() -> from + " reaches " + to, () -> pings(from, to));
  }

  private static boolean pings(Netns from, Netns to) throws IOException {
    String address = address(to);
    return !address.isEmpty()
        && new IcmpProbe().alive(from.url(), IpAddress.parse(address), PING_TIMEOUT);
  }

  private Vl3Process start(Map<String, String> variables, String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of(arguments));
    line.addAll(List.of("--run-dir", runDirectory().toString()));
    Path log = directory.resolve(processes.size() + "-" + arguments[0] + ".log");
    Vl3Process process = Vl3Process.start(log, variables, line.toArray(String[]::new));
    processes.add(process);
    return process;
  }

  @Override
  public void close() throws IOException {
    for (Vl3Process process : processes) {
      process.destroy();
    }
    for (Netns endpoint : endpoints) {
      if (endpoint.exists()) {
        Netns.delete(String.valueOf(endpoint.path().getFileName()));
      }
    }
    workloads.close();
  }
}
