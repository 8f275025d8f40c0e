package io.vl3.nsm;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.opentelemetry.api.OpenTelemetry;
import io.vl3.connection.TokenSource;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.grpc.AnswerGuard;
import io.vl3.grpc.CallGuard;
import io.vl3.grpc.Dialect;
import io.vl3.grpc.internal.NetworkServiceServer;
import io.vl3.grpc.internal.RemoteEndpoint;
import io.vl3.health.HealthBoard;
import io.vl3.health.Reporter;
import io.vl3.internal.threads.CpuPressure;
import io.vl3.internal.threads.DialTurns;
import io.vl3.nsm.internal.file.HeldFiles;
import io.vl3.nsm.internal.file.SendFiles;
import io.vl3.nsm.internal.registry.NsmRegistryClient;
import io.vl3.registry.PeerIdentity;
import io.vl3.registry.Registry;
import io.vl3.time.BackOff;
import io.vl3.time.Timer;
import io.vl3.tracing.Tracing;
import io.vl3.transport.GrpcChannels;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.identity.Tls;
import io.vl3.transport.internal.unix.FilePassing;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What managers, endpoints and clients of one process share. The owner ends threads and sockets
 * after everything that uses them is closed. Made by {@link #of} or {@link #builder}.
 */
public final class NsmRuntime {

  /** Enough to keep some processors busy, and to wait for some peers that do not answer. */
  private static final int MOST_DIALS = 8;

  private static final Duration QUICK_DIAL = Duration.ofSeconds(1);

  private final Timer timer;
  private final Executor executor;
  private final TransportOptions transport;
  private final RandomGenerator random;
  private final Duration requestTimeout;
  private final Duration closeTimeout;
  private final BackOff backOff;
  private final HeldFiles files;
  private final HealthBoard board;
  private final DialTurns dials;
  private final DialTurns redials;

  private NsmRuntime(Builder builder) {
    this.timer = builder.timer;
    this.executor = builder.executor;
    this.transport = builder.transport;
    this.random = builder.random;
    this.requestTimeout = builder.requestTimeout;
    this.closeTimeout = builder.closeTimeout;
    this.backOff = builder.backOff;
    this.files = builder.files;
    this.board = builder.board;
    this.dials = builder.dials;
    this.redials = builder.redials;
  }

  /** A runtime with the default times, see {@link Builder}. */
  public static NsmRuntime of(
      Timer timer, Executor executor, TransportOptions transport, RandomGenerator random) {
    return builder(timer, executor, transport, random).build();
  }

  /**
   * Prepares a runtime.
   *
   * @param timer the clock
   * @param executor where work that blocks runs, so it must not be bounded tightly
   * @param transport how channels and servers are made
   * @param random jitter and drawn identifiers; thread-safe
   */
  public static Builder builder(
      Timer timer, Executor executor, TransportOptions transport, RandomGenerator random) {
    return new Builder(timer, executor, transport, random);
  }

  /** Prepares a runtime that shares everything with this one but for what is changed. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** The clock. */
  public Timer timer() {
    return timer;
  }

  /** Where work that blocks runs. */
  public Executor executor() {
    return executor;
  }

  /**
   * Takes the dials of peers: so many run at a time, whichever endpoints they are of. A dial
   * returns whether it dialled.
   */
  public Consumer<BooleanSupplier> dials() {
    return dials::add;
  }

  /** The same for peers that did not answer the last time. */
  public Consumer<BooleanSupplier> redials() {
    return redials::add;
  }

  /** How channels and servers are made. */
  public TransportOptions transport() {
    return transport;
  }

  /** Jitter and drawn identifiers. */
  public RandomGenerator random() {
    return random;
  }

  /** How long a request that we start ourselves may take. */
  public Duration requestTimeout() {
    return requestTimeout;
  }

  /** How long a close behind us is given at least. */
  public Duration closeTimeout() {
    return closeTimeout;
  }

  /** The pauses before something broken is tried again. */
  public BackOff backOff() {
    return backOff;
  }

  /** The files received from others. */
  public HeldFiles files() {
    return files;
  }

  /** Where components report troubles and events. */
  public HealthBoard board() {
    return board;
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
    return new NetworkServiceServer(runner, executor, timer, requestTimeout, guard());
  }

  /** Serves a chain to callers who prove nothing but by the transport, in the words of an API. */
  NetworkServiceServer serving(EndpointRunner runner, Dialect dialect) {
    return new NetworkServiceServer(
        runner, executor, timer, requestTimeout, CallGuard.NONE, dialect);
  }

  /** A chain of this process, whose events are traced. */
  public EndpointRunner runner(Endpoint chain) {
    return new EndpointRunner(chain, executor, timer, requestTimeout, transport.tracing());
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

  /** This runtime with TCP without TLS allowed. */
  public NsmRuntime withInsecure() {
    return toBuilder().transport(transport.withInsecure(true)).build();
  }

  /** This runtime with what it does recorded in an OpenTelemetry, which stays the caller's. */
  public NsmRuntime withTracing(OpenTelemetry telemetry) {
    return toBuilder().transport(transport.withTracing(Tracing.of(telemetry))).build();
  }

  /** Sets what a runtime has. */
  public static final class Builder {

    private final Timer timer;
    private final Executor executor;
    private TransportOptions transport;
    private final RandomGenerator random;
    private Duration requestTimeout = Duration.ofSeconds(15);
    private Duration closeTimeout = Duration.ofSeconds(2);
    private BackOff backOff = new BackOff(Duration.ofMillis(100), Duration.ofSeconds(5));
    private final HeldFiles files;
    private final HealthBoard board;
    private final DialTurns dials;
    private final DialTurns redials;

    private Builder(
        Timer timer, Executor executor, TransportOptions transport, RandomGenerator random) {
      this.timer = timer;
      this.executor = executor;
      this.transport = transport;
      this.random = random;
      this.files = new HeldFiles();
      this.board = new HealthBoard(timer, timer::nanos);
      this.dials = dialTurns();
      this.redials = dialTurns();
    }

    private Builder(NsmRuntime from) {
      this.timer = from.timer;
      this.executor = from.executor;
      this.transport = from.transport;
      this.random = from.random;
      this.requestTimeout = from.requestTimeout;
      this.closeTimeout = from.closeTimeout;
      this.backOff = from.backOff;
      this.files = from.files;
      this.board = from.board;
      this.dials = from.dials;
      this.redials = from.redials;
    }

    private DialTurns dialTurns() {
      return new DialTurns(executor, timer, MOST_DIALS, QUICK_DIAL, new CpuPressure());
    }

    /** How channels and servers are made. */
    public Builder transport(TransportOptions value) {
      transport = value;
      return this;
    }

    /** How long a request that we start ourselves may take; unless set, 15 s. */
    public Builder requestTimeout(Duration value) {
      requestTimeout = value;
      return this;
    }

    /** How long a close behind us is given at least; unless set, 2 s. */
    public Builder closeTimeout(Duration value) {
      closeTimeout = value;
      return this;
    }

    /** The pauses before something broken is tried again; unless set, 100 ms to 5 s. */
    public Builder backOff(BackOff value) {
      backOff = value;
      return this;
    }

    public NsmRuntime build() {
      return new NsmRuntime(this);
    }
  }
}
