package io.vl3.cli.soak;

import io.vl3.cli.process.Machine;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.KernelState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Measures the processes of a soak, the test's own JVM with its clients, and the machine. */
final class Vitals {

  private static final double KIB = 1024;
  private static final double MIB = KIB * 1024;
  private static final String PROC = "/proc";
  private static final int COLLECTION_SECONDS = 120;

  private final SoakNetwork network;

  Vitals(SoakNetwork network) {
    this.network = network;
  }

  /** All figures of an NSE's process, with what its NSE and manager keep. */
  Map<Figure, Double> ofNse(String nse) throws IOException, InterruptedException {
    long pid = network.pid(nse);
    collect(pid);
    MetricsPage page = network.metrics(nse);
    Map<Figure, Double> figures = ofProcess(pid);
    figures.put(Figure.HEAP, page.sum("jvm_memory_pool_collection_used_bytes") / MIB);
    figures.put(Figure.CONNECTIONS, page.sum("vl3_connections"));
    figures.put(Figure.WORKLOADS, page.sum("vl3_workloads"));
    figures.put(Figure.BINDINGS, page.sum("vl3_bindings"));
    figures.put(Figure.USED, page.sum("vl3_addresses", "state=\"used\""));
    figures.put(Figure.RESTING, page.sum("vl3_addresses", "state=\"resting\""));
    figures.put(Figure.PEERS, (double) page.peersUp());
    figures.put(Figure.TROUBLES, page.sum("vl3_troubles"));
    figures.put(Figure.INTERFACES, (double) SoakNetwork.interfaces(nse));
    figures.put(Figure.ROUTES, (double) SoakNetwork.routes(nse));
    figures.put(Figure.JOURNAL, bytes("journal", nse + ".journal") / KIB);
    if (nse.equals(network.nses().get(0))) {
      figures.put(Figure.MANAGER_CONNECTIONS, page.sum("vl3_manager_connections"));
      figures.put(Figure.MANAGER_ENDPOINTS, page.sum("vl3_manager_endpoints"));
      figures.put(Figure.MANAGER_JOURNAL, bytes("manager.journal") / KIB);
      figures.put(Figure.LINK_RECORDS, files("links"));
    }
    return figures;
  }

  /** The JVM that the clients run in, which is this one. */
  Map<Figure, Double> ofClients() throws IOException {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    Map<Figure, Double> figures = ofProcess(ProcessHandle.current().pid());
    figures.put(Figure.HEAP, (runtime.totalMemory() - runtime.freeMemory()) / MIB);
    return figures;
  }

  /** What nobody's process has. */
  Map<Figure, Double> ofMachine() throws IOException {
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    figures.put(Figure.NAMESPACES, (double) ownNamespaces().size());
    figures.put(Figure.INTERFACES, (double) KernelState.ip("-o", "link").lines().count());
    return figures;
  }

  private static Map<Figure, Double> ofProcess(long pid) throws IOException {
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    figures.put(Figure.DESCRIPTORS, count(proc(pid, "fd")));
    figures.put(Figure.THREADS, count(proc(pid, "task")));
    figures.put(Figure.RESIDENT, resident(pid));
    return figures;
  }

  /** A full collection: what the JVM shows as in use after it is what is reachable. */
  private static void collect(long pid) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                "-J-XX:+UseSerialGC",
                "-J-XX:TieredStopAtLevel=1",
                String.valueOf(pid),
                "GC.run")
            .redirectErrorStream(true)
            .start();
    jcmd.getOutputStream().close();
    String words = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!jcmd.waitFor(COLLECTION_SECONDS, TimeUnit.SECONDS) || jcmd.exitValue() != 0) {
      jcmd.destroyForcibly();
      throw new IOException("GC.run of process %d: %s".formatted(pid, words));
    }
  }

  private static double resident(long pid) throws IOException {
    return Files.readAllLines(proc(pid, "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / KIB)
        .findFirst()
        .orElse(0);
  }

  private double bytes(String first, String... more) throws IOException {
    try {
      Path directory = network.runDirectory();
      return Files.size(directory.resolve(Path.of(first, more)));
    } catch (NoSuchFileException none) {
      return 0;
    }
  }

  private double files(String name) throws IOException {
    Path directory = network.runDirectory().resolve(name);
    return Files.isDirectory(directory) ? count(directory) : 0;
  }

  private static double count(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.count();
    }
  }

  private static Path proc(long pid, String name) {
    return Path.of(PROC, String.valueOf(pid), name);
  }

  /** Their names have this process's number: others may be at work on the machine. */
  static List<String> ownNamespaces() throws IOException {
    String own = Machine.unique("");
    return Netns.list("").stream().filter(name -> name.contains(own)).toList();
  }
}
