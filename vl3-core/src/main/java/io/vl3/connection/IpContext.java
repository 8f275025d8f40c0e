package io.vl3.connection;

import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import java.util.List;

/**
 * The addresses and routes of a connection. Routes are named by where they are installed; which
 * field of which API that is, the edges know.
 *
 * @param clientAddresses addresses of the client's interface
 * @param endpointAddresses addresses of the endpoint's interface
 * @param clientRoutes routes installed at the client, in order
 * @param endpointRoutes routes installed at the endpoint, in order
 * @param excludedPrefixes what the client's addresses must not lie in
 * @param extraPrefixRequests prefixes that the client asks for
 * @param extraPrefixes prefixes that were granted
 */
public record IpContext(
    List<InterfaceAddress> clientAddresses,
    List<InterfaceAddress> endpointAddresses,
    List<Route> clientRoutes,
    List<Route> endpointRoutes,
    List<IpPrefix> excludedPrefixes,
    List<ExtraPrefixRequest> extraPrefixRequests,
    List<IpPrefix> extraPrefixes) {

  /** A context without anything. */
  public static final IpContext EMPTY =
      new IpContext(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  /** Copies the lists. */
  public IpContext {
    clientAddresses = List.copyOf(clientAddresses);
    endpointAddresses = List.copyOf(endpointAddresses);
    clientRoutes = List.copyOf(clientRoutes);
    endpointRoutes = List.copyOf(endpointRoutes);
    excludedPrefixes = List.copyOf(excludedPrefixes);
    extraPrefixRequests = List.copyOf(extraPrefixRequests);
    extraPrefixes = List.copyOf(extraPrefixes);
  }

  /** This context with other addresses on both sides. */
  public IpContext withAddresses(List<InterfaceAddress> client, List<InterfaceAddress> endpoint) {
    return new IpContext(
        client,
        endpoint,
        clientRoutes,
        endpointRoutes,
        excludedPrefixes,
        extraPrefixRequests,
        extraPrefixes);
  }

  /** This context with other routes on both sides. */
  public IpContext withRoutes(List<Route> client, List<Route> endpoint) {
    return new IpContext(
        clientAddresses,
        endpointAddresses,
        client,
        endpoint,
        excludedPrefixes,
        extraPrefixRequests,
        extraPrefixes);
  }

  /** This context with other granted prefixes. */
  public IpContext withExtraPrefixes(List<IpPrefix> granted) {
    return new IpContext(
        clientAddresses,
        endpointAddresses,
        clientRoutes,
        endpointRoutes,
        excludedPrefixes,
        extraPrefixRequests,
        granted);
  }

  /** This context with other exclusions. */
  public IpContext withExcludedPrefixes(List<IpPrefix> excluded) {
    return new IpContext(
        clientAddresses,
        endpointAddresses,
        clientRoutes,
        endpointRoutes,
        excluded,
        extraPrefixRequests,
        extraPrefixes);
  }
}
