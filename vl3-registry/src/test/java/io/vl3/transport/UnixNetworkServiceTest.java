package io.vl3.transport;

import io.grpc.BindableService;
import io.grpc.Channel;
import io.vl3.grpc.internal.NetworkServiceContract;

class UnixNetworkServiceTest extends NetworkServiceContract {

  private final TestTransport transport;

  UnixNetworkServiceTest() throws Exception {
    transport = new TestTransport();
  }

  @Override
  protected Channel serve(BindableService service) throws Exception {
    return transport.serve(transport.unix("nsm.sock"), service);
  }

  @Override
  protected void end() throws Exception {
    transport.close();
  }
}
