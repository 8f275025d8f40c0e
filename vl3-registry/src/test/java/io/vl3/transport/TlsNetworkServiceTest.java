package io.vl3.transport;

import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vl3.grpc.internal.NetworkServiceContract;
import io.vl3.transport.identity.TestAuthority;

class TlsNetworkServiceTest extends NetworkServiceContract {

  private final TestAuthority authority = new TestAuthority("test");
  private final TestTransport transport;

  TlsNetworkServiceTest() throws Exception {
    transport = new TestTransport();
  }

  /** A channel whose tokens are the caller's business. */
  @Override
  protected Channel serve(BindableService service) throws Exception {
    RunningServer server =
        transport.start(
            TestTransport.loopback(), transport.secured(authority.source("/nse")), service);
    TransportUrl.Tcp url = (TransportUrl.Tcp) server.url();
    return transport.closing(
        NettyChannelBuilder.forAddress(
                url.host(),
                url.port(),
                transport.tls(authority.source("/client")).channelCredentials())
            .channelType(NioSocketChannel.class)
            .eventLoopGroup(transport.io().group())
            .build());
  }

  @Override
  protected void end() throws Exception {
    transport.close();
  }
}
