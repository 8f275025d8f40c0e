package io.vl3.nsm.legacy;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.vl3.api.nsm02.nsmd.ClientConnectionReply;
import io.vl3.api.nsm02.nsmd.ClientConnectionRequest;
import io.vl3.api.nsm02.nsmd.NSMDGrpc;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.StatusCodes;
import io.vl3.nsm.NsmRuntime;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks a manager of the 0.2 API for a workspace, as the device plugin does for a pod. */
final class Workspaces {

  private Workspaces() {}

  /**
   * A workspace of ours, emptied by the manager. Blocks for the runtime's request timeout at most.
   *
   * @param manager the manager's own socket, {@code unix:///PATH}
   * @param name which workspace; the same name gives the same directory
   * @throws EndpointException as the call ends; INTERNAL if the answer names no files
   */
  static Workspace request(NsmRuntime runtime, String manager, String name)
      throws EndpointException {
    ManagedChannel channel = runtime.dial(manager);
    try {
      return read(
          NSMDGrpc.newBlockingStub(channel)
              .withDeadlineAfter(runtime.requestTimeout().toNanos(), TimeUnit.NANOSECONDS)
              .requestClientConnection(
                  ClientConnectionRequest.newBuilder().setWorkspace(name).build()));
    } catch (StatusRuntimeException failure) {
      throw StatusCodes.toException(failure);
    } finally {
      channel.shutdownNow();
    }
  }

  private static Workspace read(ClientConnectionReply reply) throws EndpointException {
    try {
      Path directory = Path.of(reply.getHostBasedir()).resolve(reply.getWorkspace()).normalize();
      if (directory.isAbsolute()
          && !reply.getNsmServerSocket().isBlank()
          && !reply.getNsmClientSocket().isBlank()) {
        return new Workspace(
            directory,
            directory.resolve(reply.getNsmServerSocket()),
            directory.resolve(reply.getNsmClientSocket()));
      }
    } catch (InvalidPathException invalid) {
      throw unusable(reply, invalid);
    }
    throw unusable(reply, null);
  }

  private static EndpointException unusable(
      ClientConnectionReply reply, @Nullable Throwable cause) {
    return new EndpointException(
        Reason.INTERNAL,
        "workspace: %s%s, sockets %s and %s (expected: an absolute directory and two names)"
            .formatted(
                reply.getHostBasedir(),
                reply.getWorkspace(),
                reply.getNsmServerSocket(),
                reply.getNsmClientSocket()),
        cause);
  }
}
