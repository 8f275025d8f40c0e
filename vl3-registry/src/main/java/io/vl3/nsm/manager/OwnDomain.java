package io.vl3.nsm.manager;

import io.vl3.net.DomainName;
import io.vl3.transport.TransportUrl;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The domain that this manager is itself, {@code HOST:PORT}: where one of its TCP servers listens,
 * by whichever of its names and addresses. A name in it is one without domain. Thread-safe; may
 * block to resolve a host, only where the port is one of ours.
 */
final class OwnDomain {

  private final Supplier<List<TransportUrl>> urls;

  /**
   * A domain.
   *
   * @param urls where the manager listens
   */
  OwnDomain(Supplier<List<TransportUrl>> urls) {
    this.urls = urls;
  }

  /** The name without its domain if that is this one; any other as it is. */
  String here(String name) {
    DomainName parsed = DomainName.parse(name);
    return parsed.remote() && is(parsed.domain()) ? parsed.local() : name;
  }

  /** Whether the domain is this one. */
  boolean is(String domain) {
    int port = domain.lastIndexOf(':');
    if (port <= 0) {
      return false;
    }
    String host = domain.substring(0, port).replaceAll("[\\[\\]]", "");
    return urls.get().stream()
        .flatMap(url -> url instanceof TransportUrl.Tcp tcp ? Stream.of(tcp) : Stream.empty())
        .filter(own -> domain.substring(port + 1).equals(Integer.toString(own.port())))
        .anyMatch(own -> own.host().equals(host) || isSamePlace(own.host(), host));
  }

  private static boolean isSamePlace(String own, String host) {
    try {
      InetAddress ours = InetAddress.getByName(own);
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (ours.isAnyLocalAddress() ? isHere(address) : ours.equals(address)) {
          return true;
        }
      }
      return false;
    } catch (UnknownHostException | SocketException unknown) {
      return false;
    }
  }

  private static boolean isHere(InetAddress address) throws SocketException {
    return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
  }
}
