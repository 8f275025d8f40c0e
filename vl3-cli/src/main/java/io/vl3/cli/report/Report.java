package io.vl3.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vl3.admin.AdminClient;
import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.cli.Version;
import io.vl3.cli.assembly.Threads;
import io.vl3.linux.Netns;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Gathers a report and writes it. A process that hangs is left out when the time is over; parts
 * that could not be had are listed in it.
 */
public final class Report {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Wish wish;
  private final Threads threads;
  private final Redactor redactor = new Redactor();
  private final Parts parts = new Parts(redactor);
  private final Set<String> namespaces = ConcurrentHashMap.newKeySet();

  /**
   * What goes in.
   *
   * @param runDirectory where processes meet
   * @param configs configurations beside those that processes were started with
   * @param logs files with log lines beside those that processes write to
   * @param limit how long it may take
   */
  public record Wish(Path runDirectory, List<Path> configs, List<Path> logs, Duration limit) {

    /** Copies the lists. */
    public Wish {
      configs = List.copyOf(configs);
      logs = List.copyOf(logs);
    }
  }

  /** A report; nothing is asked before {@link #gather}. */
  public Report(Wish wish, Threads threads) {
    this.wish = wish;
    this.threads = threads;
  }

  /** The default name of the file. */
  public static Path name(Instant now) {
    return Path.of("vl3-report-%s.tar.gz".formatted(STAMP.format(now)));
  }

  /** Asks processes and looks around, side by side; blocks until the limit at most. */
  public void gather(List<AdminClient> clients, String journals) {
    learnOwnSecrets();
    parts.tree("report.json", head());
    List<CompletableFuture<Void>> work = new ArrayList<>();
    clients.forEach(client -> work.add(begin(() -> process(client))));
    work.add(begin(() -> namespace("of-this-command", Netns.ofProcess())));
    work.add(begin(() -> files(journals)));
    try {
      CompletableFuture.allOf(work.toArray(CompletableFuture[]::new))
          .get(wish.limit().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException late) {
      parts.missing(
          "some files", "not all answered within %d s".formatted(wish.limit().toSeconds()));
    }
    parts.end();
  }

  /**
   * Writes it to a new file that its owner alone may read.
   *
   * @return what could not be had
   * @throws java.nio.file.FileAlreadyExistsException if the file is there
   */
  public List<String> write(Path file, Instant now) throws IOException {
    String name = String.valueOf(file.getFileName()).replaceAll("\\.tar\\.gz$|\\.tgz$", "");
    String directory = name.replaceAll("[^A-Za-z0-9_-]", "_");
    directory = directory.substring(0, Math.min(30, directory.length()));
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE);
        TarGz archive = new TarGz(out, now)) {
      parts.writeTo(archive, directory);
    } catch (IOException | RuntimeException failure) {
      Files.deleteIfExists(file);
      throw failure;
    }
    return parts.missing();
  }

  private CompletableFuture<Void> begin(Runnable task) {
    return CompletableFuture.runAsync(task, threads.blocking());
  }

  private void process(AdminClient client) {
    ProcessParts process = new ProcessParts(client, parts);
    process
        .ask()
        .filter(status -> client.isLocal())
        .ifPresent(status -> beyond(status, process.directory()));
  }

  /** The parts found by its process number and by the namespaces that it names. */
  private void beyond(ProcessStatus status, String directory) {
    int pid = status.getProcess().getPid();
    SystemParts system = new SystemParts(parts, redactor);
    system
        .process(pid, directory)
        .ifPresent(config -> MetricsPart.fetch(config, pid, directory + "/metrics.txt", parts));
    namespace("of-process-" + pid, new Netns(Path.of("/proc/" + pid + "/ns/net")));
    Stream.concat(
            status.getNsesList().stream().map(nse -> nse.getNamespace()),
            status.getWorkloadsList().stream().map(each -> each.getNamespace()))
        .filter(path -> !path.isEmpty())
        .forEach(path -> namespace(path, new Netns(Path.of(path))));
  }

  /** Several processes may be in one namespace: it is looked at once. */
  private void namespace(String name, Netns netns) {
    String identity;
    try {
      identity = netns.inodeUrl();
    } catch (IOException unseen) {
      identity = name;
    }
    if (namespaces.add(identity)) {
      new NamespaceParts(parts, threads.blocking())
          .look(name.replaceAll("^/run/netns/", ""), netns);
    }
  }

  private void files(String journals) {
    parts.text("journals.json", journals);
    try {
      parts.text("run-directory.txt", RunDirectory.listing(wish.runDirectory()));
    } catch (IOException unreadable) {
      parts.missing("run-directory.txt", unreadable.toString());
    }
    SystemParts system = new SystemParts(parts, redactor);
    wish.configs().forEach(file -> system.config(file, "configs/" + file.getFileName() + ".json"));
    wish.logs().forEach(file -> system.log(file, file, "logs/" + file.getFileName()));
  }

  /** Secrets in the user's own environment may have got into logs. */
  private void learnOwnSecrets() {
    System.getenv()
        .forEach(
            (name, value) -> {
              if (Redactor.isSecret(name)) {
                redactor.learn(value);
              }
            });
  }

  private JsonNode head() {
    ObjectNode head = new ObjectMapper().createObjectNode();
    head.put("version", 1);
    head.put("vl3", Version.line());
    head.put("made", Instant.now().toString());
    head.put("kernel", System.getProperty("os.version"));
    head.put("machine", System.getProperty("os.arch"));
    head.put("processors", Runtime.getRuntime().availableProcessors());
    head.put("user", System.getProperty("user.name"));
    return head;
  }
}
