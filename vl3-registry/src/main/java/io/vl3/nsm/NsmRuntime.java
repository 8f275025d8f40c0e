package io.vl3.nsm;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.vl3.connection.TokenSource;
import io.vl3.endpoint.EndpointException;
import io.vl3.registry.Registry;
import io.vl3.time.BackOff;
import io.vl3.time.Timer;
import io.vl3.transport.GrpcChannels;
import io.vl3.transport.TransportOptions;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What managers, endpoints and clients of one process share. The owner ends threads and sockets
 * after everything that uses them is closed.
 *
 * @param timer the clock
 * @param executor where work that blocks runs, so it must not be bounded tightly
 * @param transport how channels and servers are made
 * @param random jitter and drawn identifiers; thread-safe
 * @param requestTimeout how long a request that we start ourselves may take
 * @param closeTimeout how long a close behind us is given at least
 * @param backOff the pauses before something broken is tried again
 */
public record NsmRuntime(
    Timer timer,
    Executor executor,
    TransportOptions transport,
    RandomGenerator random,
    Duration requestTimeout,
    Duration closeTimeout,
    BackOff backOff) {

  /** 15 s for a request, 2 s for a close, pauses of 100 ms to 5 s. */
  public static NsmRuntime of(
      Timer timer, Executor executor, TransportOptions transport, RandomGenerator random) {
    return new NsmRuntime(
        timer,
        executor,
        transport,
        random,
        Duration.ofSeconds(15),
        Duration.ofSeconds(2),
        new BackOff(Duration.ofMillis(100), Duration.ofSeconds(5)));
  }

  ManagedChannel dial(String url) throws EndpointException {
    return GrpcChannels.open(url, transport);
  }

  Registry registryAt(Channel channel, TokenSource tokens) {
    return new NsmRegistryClient(channel, tokens, requestTimeout);
  }

  /** This runtime with TCP without TLS allowed. */
  NsmRuntime withInsecure() {
    return new NsmRuntime(
        timer,
        executor,
        transport.withInsecure(true),
        random,
        requestTimeout,
        closeTimeout,
        backOff);
  }
}
