package io.vl3.cli.assembly;

import io.vl3.connection.Connection;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.linux.IcmpProbe;
import io.vl3.net.InterfaceAddress;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Packets pass if the endpoint's first address answers a ping from the client's namespace. */
final class PingOtherSide implements LivenessProbe {

  private static final Logger LOG = LoggerFactory.getLogger(PingOtherSide.class);

  private final IcmpProbe probe = new IcmpProbe();
  private final String netnsUrl;
  private final Duration timeout;

  PingOtherSide(String netnsUrl, Duration timeout) {
    this.netnsUrl = netnsUrl;
    this.timeout = timeout;
  }

  @Override
  public boolean alive(Connection connection) {
    return connection.ip().endpointAddresses().stream()
        .findFirst()
        .filter(this::answers)
        .isPresent();
  }

  private boolean answers(InterfaceAddress address) {
    try {
      return probe.alive(netnsUrl, address.address(), timeout);
    } catch (IOException failure) {
      LOG.debug("probe of {} from {}: {}", address, netnsUrl, failure.getMessage());
      return false;
    }
  }
}
