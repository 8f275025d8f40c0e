package io.vl3.dataplane;

import io.vl3.net.IpAddress;

/**
 * A port of the NAT address that leads to a client.
 *
 * @param transport the transport
 * @param port the port at both sides, 1 to 65535
 * @param client the client's IPv4 address
 */
public record PortForward(Transport transport, int port, IpAddress client) {

  /** The transport protocols that have ports. */
  public enum Transport {
    TCP,
    UDP
  }

  /** Refuses a port out of range. */
  public PortForward {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port: %d (expected: 1..65535)".formatted(port));
    }
  }

  /** {@code TCP 80 to 10.60.1.1}. */
  @Override
  public String toString() {
    return "%s %d to %s".formatted(transport, port, client);
  }
}
