package io.vl3.transport;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.spiffe.workloadapi.X509Source;
import io.vl3.time.SystemTimer;
import io.vl3.transport.identity.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads, channels and servers of a test over real sockets; everything ends with it. */
public final class TestTransport implements AutoCloseable {

  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final IoThreads io =
      new IoThreads(
          2,
          task -> {
            Thread thread = new Thread(task, "io");
            thread.setDaemon(true);
            return thread;
          });
  private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
  private final SystemTimer timer = new SystemTimer(scheduler);
  private final List<RunningServer> servers = new ArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final Path directory;

  public TestTransport() throws IOException {
    directory = Files.createTempDirectory("vl3");
  }

  public ExecutorService executor() {
    return executor;
  }

  public TransportOptions options() {
    return TransportOptions.of(io, executor).withInsecure(true);
  }

  /** A socket path of this test. */
  public TransportUrl.Unix unix(String name) {
    return new TransportUrl.Unix(directory.resolve(name));
  }

  /** Any free port of the loopback. */
  public static TransportUrl loopback() {
    return TransportUrl.parse("tcp://127.0.0.1:0");
  }

  public RunningServer start(TransportUrl url, BindableService... services) throws Exception {
    return start(url, options(), services);
  }

  public RunningServer start(
      TransportUrl url, TransportOptions options, BindableService... services) throws Exception {
    RunningServer server = GrpcServers.start(url, options, List.of(services));
    servers.add(server);
    return server;
  }

  public ManagedChannel open(TransportUrl url) throws Exception {
    return open(url, options());
  }

  public ManagedChannel open(TransportUrl url, TransportOptions options) throws Exception {
    return closing(GrpcChannels.open(url, options));
  }

  /** Closes a channel with the test. */
  public ManagedChannel closing(ManagedChannel channel) {
    channels.add(channel);
    return channel;
  }

  /** Options of the identity of a source. */
  public TransportOptions secured(X509Source source) {
    return options().withInsecure(false).withTls(tls(source));
  }

  /** TLS with tokens of a minute. */
  public Tls tls(X509Source source) {
    return new Tls(source, timer, Duration.ofMinutes(1));
  }

  public SystemTimer timer() {
    return timer;
  }

  public IoThreads io() {
    return io;
  }

  /** Starts a server and answers a channel to it. */
  public ManagedChannel serve(TransportUrl url, BindableService... services) throws Exception {
    return open(start(url, services).url());
  }

  @Override
  public void close() throws IOException {
    channels.forEach(ManagedChannel::shutdownNow);
    channels.forEach(TestTransport::await);
    servers.forEach(RunningServer::close);
    io.close();
    executor.shutdownNow();
    scheduler.shutdownNow();
    try (var left = Files.newDirectoryStream(directory)) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  private static void await(ManagedChannel channel) {
    try {
      channel.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
