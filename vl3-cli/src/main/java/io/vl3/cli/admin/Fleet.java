package io.vl3.cli.admin;

import io.vl3.admin.AdminClient;
import io.vl3.admin.AdminSockets;
import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.assembly.Identity;
import io.vl3.cli.assembly.Threads;
import io.vl3.failure.EndpointException;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.TransportUrl;
import io.vl3.transport.identity.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.random.RandomGenerator;

/** The vl3 processes that are asked. They are asked side by side; calls block. Thread-safe. */
public final class Fleet implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Threads threads = new Threads();
  private final IoThreads io = new IoThreads(1, Threads.daemons("vl3-io"));
  private final List<AdminClient> clients = new ArrayList<>();
  private final SortedMap<String, String> silent = new ConcurrentSkipListMap<>();

  private Optional<Identity> identity = Optional.empty();

  private Fleet() {}

  /**
   * The processes of the sockets.
   *
   * @param sockets empty: of all of the machine
   * @param runDirectory where those are looked for
   * @throws CliException NOT_FOUND if there are none
   */
  public static Fleet open(List<Path> sockets, Path runDirectory) throws EndpointException {
    return open(sockets, runDirectory, Nodes.NONE);
  }

  /**
   * The same with processes of other machines; where some are named, this machine's are not looked
   * for.
   */
  public static Fleet open(List<Path> sockets, Path runDirectory, Nodes nodes)
      throws EndpointException {
    boolean named = !sockets.isEmpty() || !nodes.urls().isEmpty();
    List<Path> all = named ? sockets : AdminSockets.in(runDirectory);
    if (all.isEmpty() && nodes.urls().isEmpty()) {
      throw new CliException(
          ExitCode.NOT_FOUND,
          "run directory: %s (expected: one in which a vl3 process runs)".formatted(runDirectory),
          "Start one with `vl3 run` or `vl3 demo --keep`, or name its directory with --run-dir.");
    }
    Fleet fleet = new Fleet();
    try {
      for (Path socket : all) {
        TransportOptions options = TransportOptions.of(fleet.io, fleet.threads.blocking());
        fleet.clients.add(AdminClient.open(socket, options, PATIENCE));
      }
      fleet.addAll(nodes);
      return fleet;
    } catch (EndpointException failure) {
      fleet.close();
      throw failure;
    }
  }

  private void addAll(Nodes nodes) throws EndpointException {
    if (nodes.urls().isEmpty()) {
      return;
    }
    TransportOptions plain = TransportOptions.of(io, threads.blocking());
    TransportOptions secured = plain.withInsecure(true);
    if (nodes.tls().on()) {
      Identity own =
          Identity.open(nodes.tls(), plain, threads.timer(), RandomGenerator.getDefault());
      identity = Optional.of(own);
      secured = plain.withTls(new Tls(own.source(), threads.timer(), Tls.DEFAULT_TOKEN_LIFETIME));
    }
    for (TransportUrl.Tcp url : nodes.urls()) {
      clients.add(AdminClient.open(url, secured, PATIENCE));
    }
  }

  /** Asks a process for something. */
  @FunctionalInterface
  public interface Question<T> {

    /** Its answer. */
    T ask(AdminClient client) throws EndpointException;
  }

  /** How each is doing that answers, in the order of their sockets. */
  public List<ProcessStatus> status() throws EndpointException {
    return each(AdminClient::status);
  }

  /** The answers of all processes that answer, put together. */
  public <T> List<T> all(Question<List<T>> question) throws EndpointException {
    return each(question).stream().flatMap(List::stream).toList();
  }

  /** The processes that did not answer, and why. */
  public SortedMap<String, String> silent() {
    return silent;
  }

  /** The clients, one per process. */
  public List<AdminClient> clients() {
    return List.copyOf(clients);
  }

  /**
   * Asks all.
   *
   * @throws EndpointException the first failure, if nobody answers
   */
  public <T> List<T> each(Question<T> question) throws EndpointException {
    List<CompletableFuture<T>> answers =
        clients.stream()
            .map(
                client ->
                    CompletableFuture.supplyAsync(() -> ask(client, question), threads.blocking()))
            .toList();
    List<T> given = new ArrayList<>();
    EndpointException last = null;
    for (int i = 0; i < answers.size(); i++) {
      try {
        given.add(answers.get(i).join());
      } catch (CompletionException failure) {
        last = EndpointException.of(failure);
        silent.put(clients.get(i).place(), last.getMessage());
      }
    }
    if (given.isEmpty() && last != null) {
      throw last;
    }
    return given;
  }

  @Override
  public void close() {
    clients.forEach(AdminClient::close);
    identity.ifPresent(Identity::close);
    io.close();
    threads.close();
  }

  private static <T> T ask(AdminClient client, Question<T> question) {
    try {
      return question.ask(client);
    } catch (EndpointException failure) {
      throw new CompletionException(failure);
    }
  }
}
