package io.vl3.grpc.internal;

import io.grpc.BindableService;
import io.grpc.Channel;

class InProcessNetworkServiceTest extends NetworkServiceContract {

  private final InProcess inProcess = new InProcess();

  @Override
  protected Channel serve(BindableService service) throws Exception {
    return inProcess.serve(service);
  }

  @Override
  protected void end() {
    inProcess.close();
  }
}
