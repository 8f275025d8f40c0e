package io.vl3.nsm;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.vl3.connection.TokenSource;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.grpc.AnswerGuard;
import io.vl3.grpc.CallGuard;
import io.vl3.grpc.internal.NetworkServiceServer;
import io.vl3.grpc.internal.RemoteEndpoint;
import io.vl3.health.HealthBoard;
import io.vl3.health.Reporter;
import io.vl3.nsm.internal.file.HeldFiles;
import io.vl3.nsm.internal.file.SendFiles;
import io.vl3.nsm.internal.registry.NsmRegistryClient;
import io.vl3.registry.PeerIdentity;
import io.vl3.registry.Registry;
import io.vl3.time.BackOff;
import io.vl3.time.Timer;
import io.vl3.transport.GrpcChannels;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.identity.Tls;
import io.vl3.transport.internal.unix.FilePassing;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What managers, endpoints and clients of one process share. The owner ends threads and sockets
 * after everything that uses them is closed.
 *
 * @param timer the clock
 * @param executor where work that blocks runs, so it must not be bounded tightly
 * @param transport how channels and servers are made
 * @param random jitter and drawn identifiers; thread-safe
 * @param requestTimeout how long a request that we start ourselves may take
 * @param closeTimeout how long a close behind us is given at least
 * @param backOff the pauses before something broken is tried again
 * @param files the files received from others
 * @param board where it is reported what is wrong and what happens
 */
public record NsmRuntime(
    Timer timer,
    Executor executor,
    TransportOptions transport,
    RandomGenerator random,
    Duration requestTimeout,
    Duration closeTimeout,
    BackOff backOff,
    HeldFiles files,
    HealthBoard board) {

  /** 15 s for a request, 2 s for a close, pauses of 100 ms to 5 s. */
  public static NsmRuntime of(
      Timer timer, Executor executor, TransportOptions transport, RandomGenerator random) {
    return new NsmRuntime(
        timer,
        executor,
        transport,
        random,
        Duration.ofSeconds(15),
        Duration.ofSeconds(2),
        new BackOff(Duration.ofMillis(100), Duration.ofSeconds(5)),
        new HeldFiles(),
        new HealthBoard(timer));
  }

  /** Where the process itself reports; a part of it by its name. */
  public Reporter reporter() {
    return board.reporter();
  }

  public ManagedChannel dial(String url) throws EndpointException {
    return GrpcChannels.open(url, transport);
  }

  /** The registry at the other end of a channel to a URL. */
  public Registry registryAt(Channel channel, String url, TokenSource tokens) {
    return new NsmRegistryClient(channel, tokens, requestTimeout, timer, passesFiles(url));
  }

  /** The network service at the other end of a channel to a URL, with files if they can pass. */
  public Endpoint networkServiceAt(Channel channel, String url) {
    RemoteEndpoint remote = new RemoteEndpoint(channel, closeTimeout, answerGuard());
    return passesFiles(url) ? EndpointChain.of(url, new SendFiles(files), remote) : remote;
  }

  private static boolean passesFiles(String url) {
    return url.startsWith("unix:") && FilePassing.isPossible();
  }

  /** Decides who may call what. */
  public CallGuard guard() {
    return transport.tls().map(Tls::guard).orElse(CallGuard.NONE);
  }

  private AnswerGuard answerGuard() {
    return transport.tls().map(Tls::answerGuard).orElse(AnswerGuard.NONE);
  }

  /** Our SPIFFE ID; empty where there is no TLS. */
  public Optional<String> ownId() {
    return transport.tls().map(Tls::ownId);
  }

  /** How a peer's identity is found: by tokens where there is TLS. */
  public PeerIdentity peerIdentity() {
    return transport.tls().map(Tls::peerIdentity).orElse(PeerIdentity.BY_NAME);
  }

  /** Serves a chain to whom the transport lets in and the guard lets pass. */
  public NetworkServiceServer serving(EndpointRunner runner) {
    return new NetworkServiceServer(runner, callExecutor(), timer, requestTimeout, guard());
  }

  /**
   * Where served calls run. If the server hands them to threads that may block already, handing
   * them on would only cost a switch of threads.
   */
  private Executor callExecutor() {
    return executor.equals(transport.executor()) ? Runnable::run : executor;
  }

  /**
   * Tokens for one of our components: signed with our SVID's key where there is TLS, else for
   * nobody to check.
   *
   * @param subject the component's name, where there is no TLS
   * @param lifetime how long each lasts, where there is no TLS
   */
  public TokenSource tokens(String subject, Duration lifetime) {
    return transport
        .tls()
        .map(Tls::tokens)
        .orElseGet(() -> new LocalTokens(subject, timer, lifetime));
  }

  /** This runtime with another time for requests. */
  public NsmRuntime withRequestTimeout(Duration changed) {
    return new NsmRuntime(
        timer, executor, transport, random, changed, closeTimeout, backOff, files, board);
  }

  /** This runtime with another time for closes behind us. */
  public NsmRuntime withCloseTimeout(Duration changed) {
    return new NsmRuntime(
        timer, executor, transport, random, requestTimeout, changed, backOff, files, board);
  }

  /** This runtime with other pauses. */
  public NsmRuntime withBackOff(BackOff changed) {
    return new NsmRuntime(
        timer, executor, transport, random, requestTimeout, closeTimeout, changed, files, board);
  }

  /** This runtime with TCP without TLS allowed. */
  public NsmRuntime withInsecure() {
    return new NsmRuntime(
        timer,
        executor,
        transport.withInsecure(true),
        random,
        requestTimeout,
        closeTimeout,
        backOff,
        files,
        board);
  }
}
