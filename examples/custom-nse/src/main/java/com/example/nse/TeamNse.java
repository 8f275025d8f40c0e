package com.example.nse;

import io.vl3.connection.ConnectionId;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.element.ConnectionBoard;
import io.vl3.endpoint.element.ExpireConnection;
import io.vl3.endpoint.element.PublishConnection;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.ipam.AddressingMode;
import io.vl3.ipam.FixedPrefixes;
import io.vl3.ipam.IpamEndpoint;
import io.vl3.mesh.PrefixTable;
import io.vl3.mesh.Vl3Endpoint;
import io.vl3.mesh.Vl3Network;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.LocalTokens;
import io.vl3.nsm.NseServer;
import io.vl3.nsm.NsmRuntime;
import io.vl3.registry.DiscoverPeers;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.PeerDirectory;
import io.vl3.registry.PeerSearch;
import io.vl3.registry.Registry;
import io.vl3.transport.TransportUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A vL3 NSE with one element of our own in the chain. */
public final class TeamNse implements AutoCloseable {

  static final String SERVICE = "team-vl3";

  private final RequireTeam requireTeam = new RequireTeam();
  private final IpamEndpoint ipam;
  private final PeerDirectory peers;
  private final TeamLinks links;
  private final NseServer server;

  /**
   * Starts the endpoint.
   *
   * @param pool what the whole network lies in
   * @param prefix what this endpoint owns of it
   * @param links the data plane, which is closed with the endpoint
   */
  public TeamNse(
      NsmRuntime runtime,
      Registry registry,
      TransportUrl url,
      String name,
      IpPrefix pool,
      IpPrefix prefix,
      TeamLinks links)
      throws EndpointException {
    this.links = links;
    FixedPrefixes own = FixedPrefixes.of(prefix);
    EndpointRecord self = EndpointRecord.of(name, SERVICE, Map.of(), url.toString());
    ConnectionBoard board = new ConnectionBoard(runtime.executor(), 1024);
    LocalTokens tokens = new LocalTokens(name, runtime.timer(), Duration.ofMinutes(10));
    peers =
        new PeerDirectory(
            registry,
            PeerSearch.of(name, SERVICE),
            PeerDirectory.Settings.DEFAULT,
            runtime.executor(),
            runtime.timer(),
            runtime.random());
    ipam = IpamEndpoint.of(own, AddressingMode.POINT_TO_POINT);

    List<Endpoint> elements = new ArrayList<>();
    elements.add(new UpdatePath(name, tokens, ConnectionId::random));
    elements.add(new ExpireConnection(runtime.timer(), runtime.requestTimeout()));
    elements.add(PublishConnection.on(board));
    elements.add(requireTeam);
    elements.addAll(links.programming());
    elements.add(new DiscoverPeers(peers::known));
    elements.add(ipam);
    elements.add(
        new Vl3Endpoint(
            new Vl3Network(() -> self, own, List.of(pool), List.of()), new PrefixTable()));
    elements.add(links.answering());
    EndpointChain chain = EndpointChain.of(name, elements);

    peers.start();
    server =
        NseServer.builder(runtime, name, registry, url, chain)
            .service(SERVICE, Map.of())
            .register(NetworkServiceRecord.of(SERVICE))
            .monitor(board)
            .start();
    server.registered().toCompletableFuture().join();
  }

  /** How many workloads each team has now. */
  public Map<String, Integer> workloads() {
    return requireTeam.workloads();
  }

  /** How many connections hold addresses. */
  public int addressHolders() {
    return ipam.holders();
  }

  @Override
  public void close() {
    server.close();
    peers.close();
    links.close();
  }
}
