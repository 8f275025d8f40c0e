package io.vl3.transport;

import io.vl3.tracing.Tracing;
import io.vl3.transport.identity.Tls;
import io.vl3.transport.internal.socket.TcpOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * How channels and servers are made.
 *
 * @param io the threads of sockets
 * @param executor where the callbacks of clients' calls run, and host names are looked up, which
 *     may block
 * @param tls mutual TLS for every channel and server; without it, unix sockets are open to this
 *     user and root
 * @param insecure whether TCP without TLS is allowed
 * @param connectTimeout how long a connection may take to be made; a call that waits for it fails
 *     then with UNAVAILABLE, unless its own time is over before
 * @param keepAlive after how much silence the kernel asks whether the other side of a TCP
 *     connection lives, and a server asks its clients by a ping of HTTP/2; whole seconds; unix
 *     sockets need none, the kernel notices their end
 * @param keepAliveTimeout how long the answer to that may take
 * @param closeGrace how long running calls may take when a server closes
 * @param memory what calls may make servers keep
 * @param tracing where calls are recorded as spans
 */
public record TransportOptions(
    IoThreads io,
    Executor executor,
    Optional<Tls> tls,
    boolean insecure,
    Duration connectTimeout,
    Duration keepAlive,
    Duration keepAliveTimeout,
    Duration closeGrace,
    CallMemory memory,
    Tracing tracing) {

  /**
   * The usual time for a connection to be made. Long enough for a first packet that is lost, which
   * is sent again after a second. Who waits longer waits for pauses that double, and finds a server
   * later after a cut than by beginning anew.
   */
  public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  /**
   * How often a client pings a server by HTTP/2 while calls are open: it notices a server whose
   * machine lives and which does not. Servers in Go end the connection of a client that pings more
   * often than every 5 minutes, unless they are told otherwise (grpc-go, {@code
   * keepalive.EnforcementPolicy}).
   */
  public static final Duration CLIENT_PINGS = Duration.ofMinutes(6);

  /**
   * The size of all headers of a call that is taken, as gRPC servers and clients in Go take it. A
   * registration carries a token of each component on its way.
   */
  public static final int METADATA_BYTES = 16 * 1024 * 1024;

  /**
   * Nothing insecure, 3 s to connect, keep-alive after 30 s with 10 s for the answer, 2 s of grace
   * at close.
   */
  public static TransportOptions of(IoThreads io, Executor executor) {
    return new TransportOptions(
        io,
        executor,
        Optional.empty(),
        false,
        CONNECT_TIMEOUT,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        Duration.ofSeconds(2),
        CallMemory.ofHeap(io.clock()),
        Tracing.OFF);
  }

  /** How the kernel notices that the other side of a TCP connection is dead. */
  TcpOptions tcp() {
    return new TcpOptions(keepAlive, keepAliveTimeout);
  }

  /** These options with other bounds of memory. */
  TransportOptions withMemory(CallMemory changed) {
    return new TransportOptions(
        io,
        executor,
        tls,
        insecure,
        connectTimeout,
        keepAlive,
        keepAliveTimeout,
        closeGrace,
        changed,
        tracing);
  }

  /** These options with calls recorded elsewhere. */
  public TransportOptions withTracing(Tracing changed) {
    return new TransportOptions(
        io,
        executor,
        tls,
        insecure,
        connectTimeout,
        keepAlive,
        keepAliveTimeout,
        closeGrace,
        memory,
        changed);
  }

  /** These options with other times for a silent connection. */
  public TransportOptions withKeepAlive(Duration silence, Duration answer) {
    return new TransportOptions(
        io, executor, tls, insecure, connectTimeout, silence, answer, closeGrace, memory, tracing);
  }

  /** These options with mutual TLS everywhere. */
  public TransportOptions withTls(Tls changed) {
    return withTls(Optional.of(changed));
  }

  /** These options for who speaks without TLS. */
  public TransportOptions withoutTls() {
    return withTls(Optional.empty());
  }

  private TransportOptions withTls(Optional<Tls> changed) {
    return new TransportOptions(
        io,
        executor,
        changed,
        insecure,
        connectTimeout,
        keepAlive,
        keepAliveTimeout,
        closeGrace,
        memory,
        tracing);
  }

  /** These options with TCP without TLS allowed or not. */
  public TransportOptions withInsecure(boolean changed) {
    return new TransportOptions(
        io,
        executor,
        tls,
        changed,
        connectTimeout,
        keepAlive,
        keepAliveTimeout,
        closeGrace,
        memory,
        tracing);
  }

  /** These options with another time for connections to be made. */
  public TransportOptions withConnectTimeout(Duration changed) {
    return new TransportOptions(
        io,
        executor,
        tls,
        insecure,
        changed,
        keepAlive,
        keepAliveTimeout,
        closeGrace,
        memory,
        tracing);
  }
}
