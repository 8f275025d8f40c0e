package io.vl3.grpc;

import io.vl3.api.ippool.Identifier;
import io.vl3.api.ippool.Subnet;
import io.vl3.api.ippool.SubnetRequest;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;

/** The messages that we send to the central IPAM. */
final class SubnetMessages {

  private final CentralIpam.Settings settings;

  SubnetMessages(CentralIpam.Settings settings) {
    this.settings = settings;
  }

  SubnetRequest request() {
    return SubnetRequest.newBuilder()
        .setIdentifier(identifier())
        .setAddrFamily(family())
        .setPrefixLen(settings.prefixLength())
        .build();
  }

  /** A prefix as the server gave it to us. */
  Subnet subnet(IpPrefix prefix) {
    return Subnet.newBuilder()
        .setIdentifier(identifier())
        .setPrefix(
            io.vl3.api.ippool.IpPrefix.newBuilder()
                .setAddrFamily(family())
                .setSubnet(prefix.toString()))
        .build();
  }

  private Identifier identifier() {
    return Identifier.newBuilder()
        .setFqdn(settings.fqdn())
        .setName(settings.name())
        .setConnectivityDomain(settings.connectivityDomain())
        .build();
  }

  private io.vl3.api.ippool.IpFamily family() {
    return io.vl3.api.ippool.IpFamily.newBuilder()
        .setFamilyValue(settings.family() == IpFamily.IPV4 ? 0 : 1)
        .build();
  }
}
