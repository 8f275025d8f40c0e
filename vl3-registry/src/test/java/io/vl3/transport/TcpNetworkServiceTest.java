package io.vl3.transport;

import io.grpc.BindableService;
import io.grpc.Channel;
import io.vl3.grpc.internal.NetworkServiceContract;

class TcpNetworkServiceTest extends NetworkServiceContract {

  private final TestTransport transport;

  TcpNetworkServiceTest() throws Exception {
    transport = new TestTransport();
  }

  @Override
  protected Channel serve(BindableService service) throws Exception {
    return transport.serve(TestTransport.loopback(), service);
  }

  @Override
  protected void end() throws Exception {
    transport.close();
  }
}
