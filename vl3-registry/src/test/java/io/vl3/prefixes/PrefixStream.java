package io.vl3.prefixes;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.vl3.api.ipam.IPAMGrpc;
import io.vl3.api.ipam.PrefixRequest;
import io.vl3.api.ipam.PrefixResponse;
import io.vl3.api.ipam.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A client of NSM's API that does what a test says. */
final class PrefixStream implements ClientResponseObserver<PrefixRequest, PrefixResponse> {

  private final List<PrefixResponse> answers = new ArrayList<>();
  private Optional<ClientCallStreamObserver<PrefixRequest>> call = Optional.empty();
  private Optional<Status> end = Optional.empty();

  private PrefixStream() {}

  static PrefixStream open(Channel channel) {
    PrefixStream stream = new PrefixStream();
    var unused = IPAMGrpc.newStub(channel).managePrefixes(stream);
    return stream;
  }

  /** What it is given; empty if it is ended instead. */
  Optional<String> ask(String wish, String... excluded) {
    int before = answers.size();
    send(Type.ALLOCATE, wish, excluded);
    return answers.size() == before
        ? Optional.empty()
        : Optional.of(answers.get(before).getPrefix());
  }

  void send(Type type, String prefix, String... excluded) {
    call.orElseThrow()
        .onNext(
            PrefixRequest.newBuilder()
                .setType(type)
                .setPrefix(prefix)
                .addAllExcludePrefixes(List.of(excluded))
                .build());
  }

  void complete() {
    call.orElseThrow().onCompleted();
  }

  void breakOff() {
    call.orElseThrow().cancel("broken", null);
  }

  PrefixResponse last() {
    return answers.get(answers.size() - 1);
  }

  Optional<Status> end() {
    return end;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<PrefixRequest> started) {
    call = Optional.of(started);
  }

  @Override
  public void onNext(PrefixResponse answer) {
    answers.add(answer);
  }

  @Override
  public void onError(Throwable failure) {
    end = Optional.of(Status.fromThrowable(failure));
  }

  @Override
  public void onCompleted() {
    end = Optional.of(Status.OK);
  }
}
