package io.vl3.transport;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;

/**
 * A channel that tries to connect anew with each call. Callers have pauses of their own; gRPC's
 * grow to two minutes, long after a server is back.
 */
final class WakefulChannel extends Channel {

  private final ManagedChannel channel;

  WakefulChannel(ManagedChannel channel) {
    this.channel = channel;
  }

  @Override
  public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
    GrpcChannels.wake(channel);
    return channel.newCall(method, options);
  }

  @Override
  public String authority() {
    return channel.authority();
  }
}
