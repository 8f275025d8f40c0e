package io.vl3.transport;

import com.google.protobuf.Empty;
import io.grpc.stub.StreamObserver;
import io.vl3.api.connection.Connection;
import io.vl3.api.networkservice.NetworkServiceGrpc;

/** Answers every close. */
final class Closes extends NetworkServiceGrpc.NetworkServiceImplBase {

  @Override
  public void close(Connection connection, StreamObserver<Empty> answers) {
    answers.onNext(Empty.getDefaultInstance());
    answers.onCompleted();
  }
}
