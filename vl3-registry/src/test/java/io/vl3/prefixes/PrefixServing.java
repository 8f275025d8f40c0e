package io.vl3.prefixes;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.vl3.net.IpPrefix;
import io.vl3.time.FakeTimer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A central IPAM that is served within the process; everything happens in the caller's thread. */
final class PrefixServing implements AutoCloseable {

  static final Duration GRACE = Duration.ofMinutes(10);
  static final CentralPrefixes.Settings SETTINGS =
      new CentralPrefixes.Settings(IpPrefix.parse("10.60.0.0/16"), 24, Duration.ofHours(24), GRACE);

  private final CentralPrefixes prefixes;
  private final Server server;
  private final ManagedChannel channel;

  private PrefixServing(CentralPrefixes prefixes) throws IOException {
    String name = InProcessServerBuilder.generateName();
    this.prefixes = prefixes;
    InProcessServerBuilder builder = InProcessServerBuilder.forName(name).directExecutor();
    prefixes.services().forEach(builder::addService);
    this.server = builder.build().start();
    this.channel = InProcessChannelBuilder.forName(name).directExecutor().build();
  }

  static PrefixServing of(CentralPrefixes.Settings settings, FakeTimer timer) throws IOException {
    return new PrefixServing(CentralPrefixes.inMemory(settings, timer));
  }

  static PrefixServing in(Path journal, FakeTimer timer) throws IOException {
    return new PrefixServing(CentralPrefixes.open(SETTINGS, journal, Runnable::run, timer));
  }

  PrefixStream stream() {
    return PrefixStream.open(channel);
  }

  /** What a stream gets that asks once, and stays open. */
  Optional<String> streamed(String wish) {
    return stream().ask(wish);
  }

  ManagedChannel channel() {
    return channel;
  }

  int size() {
    return prefixes.size();
  }

  /** Ends as a process that is killed: no stream gives anything back. */
  @Override
  public void close() {
    server.shutdownNow();
    channel.shutdownNow();
    prefixes.close();
  }
}
