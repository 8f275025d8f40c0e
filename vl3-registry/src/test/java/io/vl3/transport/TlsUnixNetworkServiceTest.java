package io.vl3.transport;

import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.netty.NettyChannelBuilder;
import io.vl3.grpc.internal.NetworkServiceContract;
import io.vl3.transport.identity.TestAuthority;
import io.vl3.transport.internal.unix.UnixChannel;
import java.net.UnixDomainSocketAddress;

class TlsUnixNetworkServiceTest extends NetworkServiceContract {

  private final TestAuthority authority = new TestAuthority("test");
  private final TestTransport transport;

  TlsUnixNetworkServiceTest() throws Exception {
    transport = new TestTransport();
  }

  /** A channel whose tokens are the caller's business. */
  @Override
  protected Channel serve(BindableService service) throws Exception {
    TransportUrl.Unix url = transport.unix("nsm.sock");
    transport.start(url, transport.secured(authority.source("/nse")), service);
    return transport.closing(
        NettyChannelBuilder.forAddress(
                UnixDomainSocketAddress.of(url.path()),
                transport.tls(authority.source("/client")).channelCredentials())
            .channelFactory(UnixChannel::new)
            .overrideAuthority("localhost")
            .eventLoopGroup(transport.io().group())
            .build());
  }

  @Override
  protected void end() throws Exception {
    transport.close();
  }
}
