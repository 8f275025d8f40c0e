package io.vl3.grpc.internal;

import io.vl3.api.connectioncontext.DNSConfig;
import io.vl3.api.connectioncontext.DNSContext;
import io.vl3.connection.ConnectionContext;
import io.vl3.connection.DnsConfig;
import io.vl3.failure.EndpointException;
import io.vl3.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The context of a connection, protobuf to domain and back. */
final class ContextConverter {

  /** NSM knows no such field: its components pass entries on that they do not know. */
  private static final String BEYOND = "vl3/beyond";

  private ContextConverter() {}

  static ConnectionContext toDomain(
      Field field, io.vl3.api.connectioncontext.ConnectionContext context)
      throws EndpointException {
    List<DnsConfig> dns =
        field
            .sub("dns_context")
            .sub("configs")
            .list(
                context.getDnsContext().getConfigsList(),
                Limits.CHOICES,
                ContextConverter::dnsToDomain);
    return new ConnectionContext(
        IpContextConverter.toDomain(field.sub("ip_context"), context.getIpContext()),
        dns,
        field.sub("MTU").number(context.getMTU(), Limits.MTU_BYTES),
        beyondToDomain(field.sub("extra_context"), context.getExtraContextMap()));
  }

  /** All but our own entry is passed on unread, but bounded like everything else. */
  private static List<IpAddress> beyondToDomain(Field field, Map<String, String> extra)
      throws EndpointException {
    String text = field.map(extra).getOrDefault(BEYOND, "");
    return text.isEmpty()
        ? List.of()
        : field
            .sub(BEYOND)
            .list(
                List.of(text.split(",", -1)),
                Limits.CHOICES,
                (place, part) -> place.parsed(part, IpAddress::tryParse, "an address"));
  }

  private static DnsConfig dnsToDomain(Field field, DNSConfig config) throws EndpointException {
    return new DnsConfig(
        field
            .sub("dns_server_ips")
            .list(
                config.getDnsServerIpsList(),
                Limits.CHOICES,
                (place, text) -> place.parsed(text, IpAddress::tryParse, "an address")),
        field.sub("search_domains").texts(config.getSearchDomainsList(), Limits.CHOICES));
  }

  static io.vl3.api.connectioncontext.ConnectionContext toProto(
      ConnectionContext context, io.vl3.api.connectioncontext.ConnectionContext kept) {
    io.vl3.api.connectioncontext.ConnectionContext.Builder builder =
        kept.toBuilder()
            .setIpContext(IpContextConverter.toProto(context.ip(), kept.getIpContext()))
            .setMTU(context.mtuBytes());
    if (!context.dns().isEmpty()) {
      builder.setDnsContext(dnsToProto(context.dns(), kept.getDnsContext()));
    }
    if (!context.beyond().isEmpty()) {
      builder.putExtraContext(BEYOND, beyondToText(context.beyond()));
    }
    return builder.build();
  }

  private static String beyondToText(List<IpAddress> beyond) {
    return beyond.stream().map(IpAddress::toString).collect(Collectors.joining(","));
  }

  private static DNSContext dnsToProto(List<DnsConfig> dns, DNSContext kept) {
    DNSContext.Builder builder = kept.toBuilder();
    for (DnsConfig config : dns) {
      builder.addConfigs(
          DNSConfig.newBuilder()
              .addAllDnsServerIps(config.servers().stream().map(IpAddress::toString).toList())
              .addAllSearchDomains(config.searchDomains()));
    }
    return builder.build();
  }

  /** The fields that {@link #toDomain} did not take. */
  static io.vl3.api.connectioncontext.ConnectionContext rest(
      io.vl3.api.connectioncontext.ConnectionContext context) {
    io.vl3.api.connectioncontext.ConnectionContext.Builder rest =
        io.vl3.api.connectioncontext.ConnectionContext.newBuilder()
            .setUnknownFields(context.getUnknownFields())
            .putAllExtraContext(context.getExtraContextMap())
            .removeExtraContext(BEYOND);
    if (context.hasEthernetContext()) {
      rest.setEthernetContext(context.getEthernetContext());
    }
    var ip = IpContextConverter.rest(context.getIpContext());
    if (ip.getSerializedSize() > 0) {
      rest.setIpContext(ip);
    }
    DNSContext dns =
        DNSContext.newBuilder()
            .setUnknownFields(context.getDnsContext().getUnknownFields())
            .build();
    if (dns.getSerializedSize() > 0) {
      rest.setDnsContext(dns);
    }
    return rest.build();
  }
}
