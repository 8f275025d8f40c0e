package io.vl3.cli.names;

import io.vl3.cli.assembly.Identity;
import io.vl3.cli.assembly.Threads;
import io.vl3.cli.config.TlsConfig;
import io.vl3.failure.EndpointException;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.TransportUrl;
import io.vl3.transport.identity.Tls;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The threads and the identity of a process that serves a workload registry or asks one. */
final class NamesProcess implements AutoCloseable {

  private final Threads threads = new Threads();
  private final IoThreads io = new IoThreads(1, Threads.daemons("vl3-io"));
  private Optional<Identity> identity = Optional.empty();
  private TransportOptions transport = TransportOptions.of(io, threads.blocking());

  private NamesProcess() {}

  /** One with mutual TLS where an identity is given, else with TCP without TLS. */
  static NamesProcess open(TlsConfig tls) throws EndpointException {
    NamesProcess process = new NamesProcess();
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

  Threads threads() {
    return threads;
  }

  TransportOptions transport() {
    return transport;
  }

  /** The TCP address of HOST:PORT, an IPv6 address in brackets. */
  static TransportUrl.Tcp url(String hostAndPort) {
    return (TransportUrl.Tcp) TransportUrl.parse("tcp://" + hostAndPort);
  }

  @Override
  public void close() {
    identity.ifPresent(Identity::close);
    io.close();
    threads.close();
  }
}
