package io.vl3.transport.internal.unix;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.CompositeCallCredentials;
import io.grpc.MethodDescriptor;
import java.util.Optional;

/** Lets calls over a unix socket carry the {@link CallFiles} of their context. */
public final class CarryFiles implements ClientInterceptor {

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    Optional<CallFiles> files = CallFiles.current();
    return next.newCall(method, files.map(f -> with(options, f)).orElse(options));
  }

  private static CallOptions with(CallOptions options, CallFiles files) {
    var credentials = options.getCredentials();
    return options.withCallCredentials(
        credentials == null
            ? files.atConnection()
            : new CompositeCallCredentials(credentials, files.atConnection()));
  }
}
