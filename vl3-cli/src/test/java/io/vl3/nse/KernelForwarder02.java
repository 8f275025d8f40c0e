package io.vl3.nse;

import io.vl3.api.connection.Connection;
import io.vl3.api.connectioncontext.Route;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.KernelState;
import io.vl3.nsm.legacy.FakeForwarder02;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Joins both sides of a connection with a veth pair, as NSM 0.2's kernel forwarder does. */
final class KernelForwarder02 implements FakeForwarder02 {

  private final Map<String, Netns> byInode = new HashMap<>();
  private final Map<String, Side> joined = new HashMap<>();

  private record Side(Netns netns, String name) {}

  KernelForwarder02(List<Netns> namespaces) throws IOException {
    for (Netns netns : namespaces) {
      byInode.put(inode(netns), netns);
    }
  }

  /** How a namespace is told in a mechanism. */
  static String inode(Netns netns) throws IOException {
    return Files.getAttribute(netns.path(), "unix:ino").toString();
  }

  @Override
  public synchronized void connect(String id, Connection source, Connection destination) {
    if (joined.containsKey(id)) {
      return;
    }
    try {
      join(id, source, destination);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void join(String id, Connection source, Connection destination) throws IOException {
    Side client = side(source);
    Side endpoint = side(destination);
    var ip = destination.getContext().getIpContext();
    ip(
        client,
        "link",
        "add",
        client.name(),
        "type",
        "veth",
        "peer",
        "name",
        endpoint.name(),
        "netns",
        endpoint.netns().path().getFileName().toString());
    bringUp(client, ip.getSrcIpAddrs(0));
    bringUp(endpoint, ip.getDstIpAddrs(0));
    route(client, ip.getDstRoutesList(), ip.getDstIpAddrs(0));
    route(endpoint, ip.getSrcRoutesList(), ip.getSrcIpAddrs(0));
    joined.put(id, client);
  }

  @Override
  public synchronized void close(String id) {
    Side client = joined.remove(id);
    if (client != null) {
      try {
        ip(client, "link", "del", client.name());
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  private static void bringUp(Side side, String address) throws IOException {
    ip(side, "address", "add", address, "dev", side.name());
    ip(side, "link", "set", side.name(), "up");
  }

  private static void route(Side side, List<Route> routes, String hop) throws IOException {
    for (Route route : routes) {
      ip(side, "route", "replace", route.getPrefix(), "via", hop.substring(0, hop.indexOf('/')));
    }
  }

  private Side side(Connection connection) {
    Map<String, String> parameters = connection.getMechanism().getParametersMap();
    Netns netns = byInode.get(parameters.get("netnsInode"));
    if (netns == null) {
      throw new IllegalArgumentException("netnsInode: " + parameters);
    }
    return new Side(netns, parameters.get("name"));
  }

  private static void ip(Side side, String... command) throws IOException {
    var unused = KernelState.ip(side.netns(), command);
  }
}
