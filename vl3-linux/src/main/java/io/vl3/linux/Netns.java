package io.vl3.linux;

import io.vl3.linux.internal.NetnsHandle;
import io.vl3.linux.internal.NetnsId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network namespace, by the file that stands for it.
 *
 * <p>Named ones are those of {@code ip netns}: pinned by a mount in {@code /run/netns}, so they
 * outlive every process until they are deleted.
 *
 * @param path the file: {@code /run/netns/NAME} or {@code /proc/PID/fd/N} or {@code
 *     /proc/PID/ns/net}
 */
public record Netns(Path path) {

  private static final Logger LOG = LoggerFactory.getLogger(Netns.class);
  private static final Path PINNED = Path.of("/run/netns");
  private static final Path OF_PROCESS = Path.of("/proc/self/ns/net");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}");
  private static final String FILE = "file://";
  private static final String INODE = "inode://";

  /** The namespace that this process was started in. */
  public static Netns ofProcess() {
    return new Netns(OF_PROCESS);
  }

  /** The named namespace, whether it exists or not. */
  public static Netns named(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "namespace name: %s (expected: %s)".formatted(name, NAME.pattern()));
    }
    return new Netns(PINNED.resolve(name));
  }

  /** Creates and pins a named namespace. Blocks for some milliseconds. */
  public static Netns create(String name) throws IOException {
    createAll(List.of(name));
    return named(name);
  }

  /**
   * Creates and pins named namespaces, all or none. A file of such a name that pins no namespace
   * any more makes room.
   */
  public static void createAll(List<String> names) throws IOException {
    for (String name : names) {
      if (named(name).exists()) {
        throw new IOException("namespace: %s (expected: a free name)".formatted(name));
      }
    }
    try {
      for (String name : names) {
        named(name).clear();
      }
      IpCommand.batch(names.stream().map(name -> "netns add " + name).toList());
    } catch (IOException e) {
      deleteAll(names);
      throw e;
    }
  }

  /** Unpins named namespaces; the kernel frees each once nothing uses it. No error if missing. */
  public static void deleteAll(List<String> names) throws IOException {
    List<String> there = names.stream().filter(name -> named(name).exists()).toList();
    IpCommand.batch(there.stream().map(name -> "netns del " + name).toList());
    for (String name : names) {
      named(name).clear();
    }
  }

  /** Removes the file if no namespace is pinned there. */
  private void clear() throws IOException {
    if (!exists() && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      LOG.warn("{}: pins no network namespace any more, and is removed", path);
      Files.deleteIfExists(path);
    }
  }

  /** Unpins a named namespace; no error if it does not exist. */
  public static void delete(String name) throws IOException {
    deleteAll(List.of(name));
  }

  /** Names of the pinned namespaces that begin with the given text, sorted. */
  public static List<String> list(String begin) throws IOException {
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(PINNED)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(PINNED)) {
        files.forEach(file -> names.add(file.getFileName().toString()));
      }
    }
    return names.stream().filter(name -> name.startsWith(begin)).sorted().toList();
  }

  /**
   * Finds the namespace of a URL: {@code file://PATH}, or {@code inode://DEVICE/INODE} of a
   * namespace that is pinned, held open by this process or lived in by a process.
   *
   * @throws IOException if there is none
   */
  public static Netns locate(String url) throws IOException {
    if (url.startsWith(FILE)) {
      return new Netns(Path.of(url.substring(FILE.length()))).orMissing(url);
    }
    if (!url.startsWith(INODE)) {
      throw new IOException(
          "network namespace: %s (expected: file://PATH or inode://DEVICE/INODE)".formatted(url));
    }
    return byIdentity(url.substring(INODE.length()))
        .orElseThrow(
            () ->
                new IOException(
                    "network namespace: %s (expected: one that exists)".formatted(url)));
  }

  /** {@code file://PATH}. */
  public String url() {
    return FILE + path;
  }

  /** {@code inode://DEVICE/INODE}. */
  public String inodeUrl() throws IOException {
    return INODE + identity();
  }

  /**
   * Whether the namespace is there. A file alone is none: the pin of a process that died in a mount
   * namespace of its own leaves one.
   */
  public boolean exists() {
    try {
      return NetnsId.of(path).device() == NetnsId.of(OF_PROCESS).device();
    } catch (IOException gone) {
      return false;
    }
  }

  /**
   * Runs a task inside the namespace and waits for it. Sockets that the task opens stay in the
   * namespace, whoever uses them later.
   *
   * @throws IOException if the namespace cannot be entered
   * @throws Exception what the task threw
   */
  public <T> T call(Callable<T> task) throws Exception {
    try (NetnsHandle handle = NetnsHandle.open(path)) {
      return onOwnThread(
          "netns " + path.getFileName(),
          () -> {
            handle.enter();
            return task.call();
          });
    }
  }

  String identity() throws IOException {
    return NetnsId.of(path).toString();
  }

  /**
   * Runs a task on a thread that ends with it: a thread that entered a namespace must not serve
   * anything else, so no executor's thread may be used, and it must not be virtual, because those
   * share their carrier.
   */
  static <T> T onOwnThread(String name, Callable<T> task) throws Exception {
    FutureTask<T> future = new FutureTask<>(task);
    Thread thread = new Thread(future, name);
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
          thread.interrupt();
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Netns orMissing(String url) throws IOException {
    if (!exists()) {
      String expected = Files.exists(path) ? "the file of a network namespace" : "one that exists";
      throw new IOException("network namespace: %s (expected: %s)".formatted(url, expected));
    }
    return this;
  }

  private static Optional<Netns> byIdentity(String identity) throws IOException {
    List<Path> candidates = new ArrayList<>();
    for (String name : list("")) {
      candidates.add(PINNED.resolve(name));
    }
    addFiles(candidates, Path.of("/proc/self/fd"), "*", "");
    addFiles(candidates, Path.of("/proc"), "[0-9]*", "ns/net");
    return candidates.stream().map(Netns::new).filter(n -> n.isIdentity(identity)).findFirst();
  }

  private static void addFiles(List<Path> to, Path directory, String glob, String below)
      throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
      files.forEach(file -> to.add(below.isEmpty() ? file : file.resolve(below)));
    }
  }

  private boolean isIdentity(String wanted) {
    try {
      return identity().equals(wanted);
    } catch (IOException goneMeanwhile) {
      return false;
    }
  }
}
