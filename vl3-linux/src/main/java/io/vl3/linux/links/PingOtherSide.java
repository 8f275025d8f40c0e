package io.vl3.linux.links;

import io.vl3.connection.Connection;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.linux.IcmpProbe;
import io.vl3.linux.Netns;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Packets pass if the endpoint's first address answers a ping from the client's namespace. */
final class PingOtherSide implements LivenessProbe {

  private static final Logger LOG = LoggerFactory.getLogger(PingOtherSide.class);

  private final IcmpProbe probe = new IcmpProbe();
  private final Netns netns;
  private final Duration timeout;

  /**
   * A probe.
   *
   * @param netns the client's namespace
   * @param timeout how long an answer may take
   */
  PingOtherSide(Netns netns, Duration timeout) {
    this.netns = netns;
    this.timeout = timeout;
  }

  @Override
  public boolean alive(Connection connection) {
    return begin(connection, Runnable::run).toCompletableFuture().join();
  }

  @Override
  public CompletionStage<Boolean> begin(Connection connection, Executor executor) {
    Optional<IpAddress> other =
        connection.ip().endpointAddresses().stream().map(InterfaceAddress::address).findFirst();
    return other.isEmpty() ? CompletableFuture.completedStage(false) : ping(other.get(), executor);
  }

  @Override
  public boolean answers(Connection connection, IpAddress address) {
    return ping(address, Runnable::run).toCompletableFuture().join();
  }

  private CompletionStage<Boolean> ping(IpAddress address, Executor executor) {
    try {
      return probe.begin(netns, address, timeout, executor);
    } catch (IOException failure) {
      LOG.debug("probe of {} from {}: {}", address, netns.path(), failure.getMessage());
      return CompletableFuture.completedStage(false);
    }
  }
}
