package io.vl3.vpp.testing;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.vl3.api.ligato.generic.KnownModelsRequest;
import io.vl3.api.ligato.generic.KnownModelsResponse;
import io.vl3.api.ligato.generic.MetaServiceGrpc;
import io.vl3.api.ligato.generic.ModelDetail;
import io.vl3.api.ligato.generic.ModelSpec;
import java.util.Optional;
import java.util.Set;

/** The service that tells the models of a {@link FakeAgent}. */
final class FakeMetaService extends MetaServiceGrpc.MetaServiceImplBase {

  private static final String CLASS = "config";

  private final FakeAgent agent;

  FakeMetaService(FakeAgent agent) {
    this.agent = agent;
  }

  @Override
  public void knownModels(
      KnownModelsRequest request, StreamObserver<KnownModelsResponse> observer) {
    agent.record(new FakeAgent.Call("KnownModels", "", request.getSerializedSize(), false));
    agent.handle(
        () -> {
          Optional<Set<String>> models = agent.models();
          if (models.isEmpty()) {
            observer.onError(
                Status.UNIMPLEMENTED
                    .withDescription("unknown service ligato.generic.MetaService")
                    .asRuntimeException());
            return;
          }
          boolean ofOurClass = request.getClass_().isEmpty() || request.getClass_().equals(CLASS);
          observer.onNext(response(ofOurClass ? models.get() : Set.of()));
          observer.onCompleted();
        });
  }

  private static KnownModelsResponse response(Set<String> models) {
    KnownModelsResponse.Builder response = KnownModelsResponse.newBuilder();
    models.forEach(model -> response.addKnownModels(ModelDetail.newBuilder().setSpec(spec(model))));
    return response.build();
  }

  /** The module may have dots of its own. */
  private static ModelSpec spec(String model) {
    int type = model.lastIndexOf('.');
    int version = model.lastIndexOf('.', type - 1);
    return ModelSpec.newBuilder()
        .setModule(model.substring(0, version))
        .setVersion(model.substring(version + 1, type))
        .setType(model.substring(type + 1))
        .setClass_(CLASS)
        .build();
  }
}
