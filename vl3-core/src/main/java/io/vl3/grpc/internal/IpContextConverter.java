package io.vl3.grpc.internal;

import io.vl3.api.connectioncontext.IPContext;
import io.vl3.connection.ExtraPrefixRequest;
import io.vl3.connection.IpContext;
import io.vl3.connection.Route;
import io.vl3.failure.EndpointException;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import java.util.List;

/**
 * Addresses and routes, protobuf to domain and back. In this API {@code src_routes} are installed
 * at the client and {@code dst_routes} at the endpoint. Prefixes are read leniently: host bits are
 * masked, a bare address is a prefix of full length.
 */
final class IpContextConverter {

  private static final String ADDRESS = "address/length such as 10.60.0.1/30 or 2001:db8::1/64";
  private static final String PREFIX = "address/length such as 10.60.0.0/16 or 2001:db8::/64";

  private IpContextConverter() {}

  static IpContext toDomain(Field field, IPContext ip) throws EndpointException {
    return new IpContext(
        addresses(field.sub("src_ip_addrs"), ip.getSrcIpAddrsList()),
        addresses(field.sub("dst_ip_addrs"), ip.getDstIpAddrsList()),
        routes(field.sub("src_routes"), ip.getSrcRoutesList()),
        routes(field.sub("dst_routes"), ip.getDstRoutesList()),
        prefixes(field.sub("excluded_prefixes"), ip.getExcludedPrefixesList(), Limits.ROUTES),
        field
            .sub("extra_prefix_request")
            .list(
                ip.getExtraPrefixRequestList(), Limits.CHOICES, IpContextConverter::extraToDomain),
        prefixes(field.sub("extra_prefixes"), ip.getExtraPrefixesList(), Limits.EXTRA_PREFIXES));
  }

  private static List<InterfaceAddress> addresses(Field field, List<String> values)
      throws EndpointException {
    return field.list(
        values,
        Limits.ADDRESSES,
        (place, text) -> place.parsed(text, InterfaceAddress::tryParse, ADDRESS));
  }

  private static List<IpPrefix> prefixes(Field field, List<String> values, int max)
      throws EndpointException {
    return field.list(values, max, IpContextConverter::prefix);
  }

  private static IpPrefix prefix(Field field, String text) throws EndpointException {
    return field.parsed(text, InterfaceAddress::tryParse, PREFIX).network();
  }

  private static List<Route> routes(Field field, List<io.vl3.api.connectioncontext.Route> routes)
      throws EndpointException {
    return field.list(routes, Limits.ROUTES, IpContextConverter::routeToDomain);
  }

  private static Route routeToDomain(Field field, io.vl3.api.connectioncontext.Route route)
      throws EndpointException {
    IpPrefix destination = prefix(field.sub("prefix"), route.getPrefix());
    if (route.getNextHop().isEmpty()) {
      return Route.to(destination);
    }
    Field hopField = field.sub("nextHop");
    IpAddress hop = hopField.parsed(route.getNextHop(), IpAddress::tryParse, "an address");
    if (hop.family() != destination.family()) {
      throw hopField.invalid(hop, "the family of " + destination);
    }
    return Route.via(destination, hop);
  }

  private static ExtraPrefixRequest extraToDomain(
      Field field, io.vl3.api.connectioncontext.ExtraPrefixRequest extra) throws EndpointException {
    IpFamily family = family(field.sub("addr_family").sub("family"), extra);
    int length = field.sub("prefix_len").number(extra.getPrefixLen(), family.bits());
    int required =
        field.sub("required_number").number(extra.getRequiredNumber(), Limits.EXTRA_PREFIXES);
    int requested =
        field.sub("requested_number").number(extra.getRequestedNumber(), Limits.EXTRA_PREFIXES);
    return new ExtraPrefixRequest(family, length, required, Math.max(required, requested));
  }

  private static IpFamily family(Field field, io.vl3.api.connectioncontext.ExtraPrefixRequest extra)
      throws EndpointException {
    return switch (extra.getAddrFamily().getFamily()) {
      case IPV4 -> IpFamily.IPV4;
      case IPV6 -> IpFamily.IPV6;
      case UNRECOGNIZED ->
          throw field.invalid(extra.getAddrFamily().getFamilyValue(), "IPV4 (0) or IPV6 (1)");
    };
  }

  static IPContext toProto(IpContext ip, IPContext kept) {
    IPContext.Builder builder = kept.toBuilder();
    ip.clientAddresses().forEach(address -> builder.addSrcIpAddrs(address.toString()));
    ip.endpointAddresses().forEach(address -> builder.addDstIpAddrs(address.toString()));
    ip.clientRoutes().forEach(route -> builder.addSrcRoutes(toProto(route)));
    ip.endpointRoutes().forEach(route -> builder.addDstRoutes(toProto(route)));
    ip.excludedPrefixes().forEach(prefix -> builder.addExcludedPrefixes(prefix.toString()));
    ip.extraPrefixRequests().forEach(extra -> builder.addExtraPrefixRequest(toProto(extra)));
    ip.extraPrefixes().forEach(prefix -> builder.addExtraPrefixes(prefix.toString()));
    return builder.build();
  }

  private static io.vl3.api.connectioncontext.Route toProto(Route route) {
    return io.vl3.api.connectioncontext.Route.newBuilder()
        .setPrefix(route.destination().toString())
        .setNextHop(route.nextHop().map(IpAddress::toString).orElse(""))
        .build();
  }

  private static io.vl3.api.connectioncontext.ExtraPrefixRequest toProto(ExtraPrefixRequest extra) {
    return io.vl3.api.connectioncontext.ExtraPrefixRequest.newBuilder()
        .setAddrFamily(
            io.vl3.api.connectioncontext.IpFamily.newBuilder()
                .setFamily(
                    extra.family() == IpFamily.IPV4
                        ? io.vl3.api.connectioncontext.IpFamily.Family.IPV4
                        : io.vl3.api.connectioncontext.IpFamily.Family.IPV6))
        .setPrefixLen(extra.length())
        .setRequiredNumber(extra.required())
        .setRequestedNumber(extra.requested())
        .build();
  }

  /** The fields that {@link #toDomain} did not take: neighbours, policies, unknown ones. */
  static IPContext rest(IPContext ip) {
    return IPContext.newBuilder()
        .setUnknownFields(ip.getUnknownFields())
        .setSrcIpRequired(ip.getSrcIpRequired())
        .setDstIpRequired(ip.getDstIpRequired())
        .addAllIpNeighbors(ip.getIpNeighborsList())
        .addAllPolicies(ip.getPoliciesList())
        .build();
  }
}
