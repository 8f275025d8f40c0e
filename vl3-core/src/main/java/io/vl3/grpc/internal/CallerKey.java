package io.vl3.grpc.internal;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.vl3.connection.Caller;
import java.util.Optional;

/**
 * Where the caller of an RPC stands: in the attributes of its transport, put there by who accepted
 * it. A transport that says nothing has an {@link Caller#ANONYMOUS} caller.
 */
public final class CallerKey {

  /** Set by a transport that knows who is at the other side. */
  public static final Attributes.Key<Caller> ATTRIBUTE = Attributes.Key.create("io.vl3.caller");

  private static final Context.Key<Caller> CONTEXT =
      Context.keyWithDefault("io.vl3.caller", Caller.ANONYMOUS);
  private static final Context.Key<Metadata> HEADERS =
      Context.keyWithDefault("io.vl3.headers", new Metadata());

  private static final Context.Key<Attributes> ATTRIBUTES =
      Context.keyWithDefault("io.vl3.attributes", Attributes.EMPTY);

  private CallerKey() {}

  /** The caller of the RPC that runs in this thread's gRPC context. */
  public static Caller current() {
    return CONTEXT.get();
  }

  /** An attribute of that RPC's transport; empty if the transport has none for the key. */
  public static <T> Optional<T> currentAttribute(Attributes.Key<T> key) {
    return Optional.ofNullable(ATTRIBUTES.get().get(key));
  }

  static Metadata currentHeaders() {
    return HEADERS.get();
  }

  static Context contextOf(ServerCall<?, ?> call, Metadata headers) {
    Caller caller = call.getAttributes().get(ATTRIBUTE);
    return Context.current()
        .withValues(
            CONTEXT,
            caller == null ? Caller.ANONYMOUS : caller,
            HEADERS,
            headers,
            ATTRIBUTES,
            call.getAttributes());
  }
}
