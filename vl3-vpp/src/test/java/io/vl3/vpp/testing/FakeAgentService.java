package io.vl3.vpp.testing;

import com.google.protobuf.MessageLite;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vl3.api.ligato.configurator.Config;
import io.vl3.api.ligato.configurator.ConfiguratorServiceGrpc;
import io.vl3.api.ligato.configurator.DeleteRequest;
import io.vl3.api.ligato.configurator.DeleteResponse;
import io.vl3.api.ligato.configurator.DumpRequest;
import io.vl3.api.ligato.configurator.DumpResponse;
import io.vl3.api.ligato.configurator.GetRequest;
import io.vl3.api.ligato.configurator.GetResponse;
import io.vl3.api.ligato.configurator.NotifyRequest;
import io.vl3.api.ligato.configurator.NotifyResponse;
import io.vl3.api.ligato.configurator.UpdateRequest;
import io.vl3.api.ligato.configurator.UpdateResponse;
import io.vl3.vpp.internal.Item;

/** The configurator service in front of a {@link FakeAgent}. */
final class FakeAgentService extends ConfiguratorServiceGrpc.ConfiguratorServiceImplBase {

  private static final Metadata.Key<String> SOURCE =
      Metadata.Key.of("datasrc", Metadata.ASCII_STRING_MARSHALLER);
  private static final String ALL_CLIENTS = "grpc";
  private static final Context.Key<String> SOURCE_OF_CALL =
      Context.keyWithDefault("datasrc", ALL_CLIENTS);

  private final FakeAgent agent;

  private FakeAgentService(FakeAgent agent) {
    this.agent = agent;
  }

  static ServerServiceDefinition of(FakeAgent agent) {
    return ServerInterceptors.intercept(new FakeAgentService(agent), new Source());
  }

  @Override
  public void update(UpdateRequest request, StreamObserver<UpdateResponse> observer) {
    String source = record("Update", request, request.getFullResync());
    agent.handle(
        () -> {
          FakeAgent.Outcome outcome =
              agent.update(
                  source, Item.all(request.getUpdate().getVppConfig()), request.getFullResync());
          answer(observer, outcome, request.getWaitDone(), UpdateResponse.getDefaultInstance());
        });
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> observer) {
    String source = record("Delete", request, false);
    agent.handle(
        () -> {
          FakeAgent.Outcome outcome =
              agent.delete(source, Item.all(request.getDelete().getVppConfig()));
          answer(observer, outcome, request.getWaitDone(), DeleteResponse.getDefaultInstance());
        });
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> observer) {
    record("Get", request, false);
    agent.handle(
        () ->
            end(
                observer,
                GetResponse.newBuilder()
                    .setConfig(Config.newBuilder().setVppConfig(agent.get()))
                    .build()));
  }

  @Override
  public void dump(DumpRequest request, StreamObserver<DumpResponse> observer) {
    record("Dump", request, false);
    agent.handle(
        () ->
            agent
                .dumpFailure()
                .ifPresentOrElse(
                    why ->
                        observer.onError(Status.UNKNOWN.withDescription(why).asRuntimeException()),
                    () ->
                        end(
                            observer,
                            DumpResponse.newBuilder()
                                .setDump(Config.newBuilder().setVppConfig(agent.dump()))
                                .build())));
  }

  /** No client of an agent may listen: the real one ends when who listened leaves. */
  @Override
  public void notify(NotifyRequest request, StreamObserver<NotifyResponse> observer) {
    record("Notify", request, false);
    observer.onError(
        Status.INTERNAL.withDescription("a client listens (expected: none)").asRuntimeException());
  }

  private String record(String method, MessageLite request, boolean fullResync) {
    String source = agent.release().hasSources() ? SOURCE_OF_CALL.get() : ALL_CLIENTS;
    agent.record(new FakeAgent.Call(method, source, request.getSerializedSize(), fullResync));
    return source;
  }

  private <T> void answer(
      StreamObserver<T> observer, FakeAgent.Outcome outcome, boolean waitDone, T response) {
    if (!outcome.ok()) {
      observer.onError(
          Status.FAILED_PRECONDITION.withDescription(outcome.message()).asRuntimeException());
    } else if (waitDone && agent.release().waits()) {
      if (observer instanceof ServerCallStreamObserver<T> call && !call.isCancelled()) {
        Context.current().addListener(context -> agent.cancel(outcome.keys()), Runnable::run);
      }
      agent.whenDone(outcome.keys(), () -> end(observer, response));
    } else {
      end(observer, response);
    }
  }

  private static <T> void end(StreamObserver<T> observer, T response) {
    observer.onNext(response);
    observer.onCompleted();
  }

  /** Puts the caller's data source into the call's context. */
  private static final class Source implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String source = headers.get(SOURCE);
      Context context =
          source == null ? Context.current() : Context.current().withValue(SOURCE_OF_CALL, source);
      return Contexts.interceptCall(context, call, headers, next);
    }
  }
}
