package io.vl3.nsm.legacy;

import io.grpc.stub.StreamObserver;
import io.vl3.api.nsm02.nsmd.ClientConnectionReply;
import io.vl3.api.nsm02.nsmd.ClientConnectionRequest;
import io.vl3.api.nsm02.nsmd.NSMDGrpc;
import io.vl3.failure.EndpointException;
import io.vl3.nsm.NsmRuntime;
import io.vl3.transport.GrpcServers;
import io.vl3.transport.RunningServer;
import io.vl3.transport.TransportUrl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The socket of a manager at which it is asked for workspaces. */
public final class FakeNsmd02 extends NSMDGrpc.NSMDImplBase implements AutoCloseable {

  private final FakeManager02 manager;
  private final Path directory;
  private final List<ClientConnectionRequest> asked = new ArrayList<>();
  private final RunningServer server;

  /**
   * Starts to serve.
   *
   * @param directory where the manager's workspaces are
   */
  FakeNsmd02(NsmRuntime runtime, FakeManager02 manager, Path directory) throws EndpointException {
    this.manager = manager;
    this.directory = directory;
    TransportUrl socket = new TransportUrl.Unix(directory.resolve("nsm.io.sock"));
    this.server = GrpcServers.start(socket, runtime.transport(), List.of(this));
  }

  public String url() {
    return server.url().toString();
  }

  /** What it was asked, oldest first. */
  public synchronized List<ClientConnectionRequest> asked() {
    return List.copyOf(asked);
  }

  @Override
  public void requestClientConnection(
      ClientConnectionRequest request, StreamObserver<ClientConnectionReply> observer) {
    FakeRegistry02.answer(observer, () -> give(request));
  }

  private synchronized ClientConnectionReply give(ClientConnectionRequest request) {
    asked.add(request);
    if (request.getWorkspace().isEmpty()) {
      throw FakeRegistry02.unknown("workspace: no name");
    }
    Workspace given = manager.workspace(request.getWorkspace());
    return ClientConnectionReply.newBuilder()
        .setWorkspace(request.getWorkspace())
        .setHostBasedir(directory + "/")
        .setClientBaseDir(directory + "/")
        .setNsmServerSocket(String.valueOf(given.serverSocket().getFileName()))
        .setNsmClientSocket(String.valueOf(given.clientSocket().getFileName()))
        .build();
  }

  @Override
  public void close() {
    server.close();
  }
}
