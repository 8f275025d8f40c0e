package io.vl3.nsm;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.TokenSource;
import io.vl3.endpoint.Endpoint;
import io.vl3.failure.EndpointException;
import io.vl3.grpc.internal.RemoteMonitor;
import io.vl3.registry.Registry;
import io.vl3.transport.GrpcChannels;

/** One channel to a manager, for all that is asked of it. Thread-safe; connects when first used. */
public final class ManagerAccess implements AutoCloseable {

  private final ManagedChannel channel;
  private final Channel wakeful;
  private final Registry registry;
  private final Endpoint networkService;

  private ManagerAccess(
      ManagedChannel channel, String url, NsmRuntime runtime, TokenSource tokens) {
    this.channel = channel;
    this.wakeful = GrpcChannels.wakeful(channel);
    this.registry = runtime.registryAt(wakeful, url, tokens);
    this.networkService = runtime.networkServiceAt(wakeful, url);
  }

  /**
   * Opens a channel.
   *
   * @param url the manager's, {@code unix:///PATH} or {@code tcp://HOST:PORT}
   * @param tokens the tokens that registry calls carry
   * @throws EndpointException INVALID if the URL is none that may be used
   */
  public static ManagerAccess open(NsmRuntime runtime, String url, TokenSource tokens)
      throws EndpointException {
    return new ManagerAccess(runtime.dial(url), url, runtime, tokens);
  }

  /** The manager's registry. */
  public Registry registry() {
    return registry;
  }

  /** The end of a client's chain: the manager's network service, with files where they can pass. */
  public Endpoint networkService() {
    return networkService;
  }

  /** The connections that the manager shows us. */
  public ConnectionMonitor monitor() {
    return new RemoteMonitor(wakeful);
  }

  /** The channel for what else may be asked; it ends with this. */
  public Channel channel() {
    return wakeful;
  }

  /** Ends the channel and every call on it; idempotent. */
  @Override
  public void close() {
    channel.shutdownNow();
  }
}
