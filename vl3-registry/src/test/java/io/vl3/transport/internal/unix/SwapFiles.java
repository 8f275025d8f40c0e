package io.vl3.transport.internal.unix;

import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.vl3.api.connection.Connection;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.failure.EndpointException;
import io.vl3.grpc.internal.BlockingCalls;
import io.vl3.grpc.internal.CallContext;
import io.vl3.grpc.internal.StatusCodes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Takes the file that a call names by its id, and answers with the name of one that it sends. */
public final class SwapFiles implements BindableService {

  private final ExecutorService executor =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "swap");
            thread.setDaemon(true);
            return thread;
          });
  private final Queue<String> received = new ConcurrentLinkedQueue<>();
  private final Path answerFile;
  private volatile Duration patience = Duration.ofSeconds(60);

  public SwapFiles(Path directory) throws Exception {
    answerFile = Files.createFile(directory.resolve("theirs"));
  }

  /** What was taken, as the kernel names it. */
  Queue<String> received() {
    return received;
  }

  public Path answerFile() {
    return answerFile;
  }

  void patience(Duration value) {
    patience = value;
  }

  /** Calls the service with a payload that must come back. */
  public static String call(Channel channel, String inodeUrl, String payload)
      throws EndpointException {
    Connection sent = Connection.newBuilder().setId(inodeUrl).setPayload(payload).build();
    try {
      Connection answer =
          NetworkServiceGrpc.newBlockingStub(channel)
              .request(NetworkServiceRequest.newBuilder().setConnection(sent).build());
      if (!answer.getPayload().equals(payload)) {
        throw new AssertionError("payload changed on the way");
      }
      return answer.getId();
    } catch (StatusRuntimeException failure) {
      throw StatusCodes.toException(failure);
    }
  }

  @Override
  public io.grpc.ServerServiceDefinition bindService() {
    BlockingCalls calls = new BlockingCalls(executor);
    return CallContext.around(
        new NetworkServiceGrpc.NetworkServiceImplBase() {
          @Override
          public void request(NetworkServiceRequest asked, StreamObserver<Connection> observer) {
            calls.answer(observer, () -> swap(asked.getConnection()));
          }
        });
  }

  private Connection swap(Connection asked) throws EndpointException {
    FilePassing files = FilePassing.ofCall().orElseThrow();
    try (PassedFile file = files.receive(asked.getId(), patience)) {
      received.add(PassedFile.inodeUrl(file.path()));
    } catch (java.io.IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
    return asked.toBuilder().setId(files.send(answerFile)).build();
  }
}
