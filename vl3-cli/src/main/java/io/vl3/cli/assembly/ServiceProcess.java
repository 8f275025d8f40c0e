package io.vl3.cli.assembly;

import io.vl3.cli.config.TlsConfig;
import io.vl3.failure.EndpointException;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.TransportUrl;
import io.vl3.transport.identity.Tls;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The threads and the identity of a process that serves one small service, or asks one. */
public final class ServiceProcess implements AutoCloseable {

  private final Threads threads = new Threads();
  private final IoThreads io = new IoThreads(1, Threads.daemons("vl3-io"));
  private Optional<Identity> identity = Optional.empty();
  private TransportOptions transport = TransportOptions.of(io, threads.blocking());

  private ServiceProcess() {}

  /**
   * One with mutual TLS where an identity is given, else with TCP without TLS.
   *
   * @throws EndpointException if there is no such identity
   */
  public static ServiceProcess open(TlsConfig tls) throws EndpointException {
    ServiceProcess process = new ServiceProcess();
    try {
      process.secure(tls);
      return process;
    } catch (EndpointException | RuntimeException failure) {
      process.close();
      throw failure;
    }
  }

  private void secure(TlsConfig tls) throws EndpointException {
    if (!tls.on()) {
      transport = transport.withInsecure(true);
      return;
    }
    Identity own = Identity.open(tls, transport, threads.timer(), RandomGenerator.getDefault());
    identity = Optional.of(own);
    transport =
        transport.withTls(new Tls(own.source(), threads.timer(), Tls.DEFAULT_TOKEN_LIFETIME));
  }

  /** Its threads, which end with it. */
  public Threads threads() {
    return threads;
  }

  /** How it listens and dials. */
  public TransportOptions transport() {
    return transport;
  }

  /** The TCP address of HOST:PORT, an IPv6 address in brackets. */
  public static TransportUrl.Tcp url(String hostAndPort) {
    return (TransportUrl.Tcp) TransportUrl.parse("tcp://" + hostAndPort);
  }

  @Override
  public void close() {
    identity.ifPresent(Identity::close);
    io.close();
    threads.close();
  }
}
