package io.vl3.cli.assembly;

import io.spiffe.workloadapi.X509Source;
import io.vl3.cli.config.TlsConfig;
import io.vl3.failure.EndpointException;
import io.vl3.time.Timer;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.svid.PemFiles;
import io.vl3.transport.svid.WorkloadApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Our X.509 SVID, from where the configuration says.
 *
 * @param source the SVID of now
 */
public record Identity(X509Source source) implements AutoCloseable {

  /** An agent may have to be told of us first. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * Opens it; waits for the first SVID.
   *
   * @throws EndpointException if there is none; nothing goes on without
   */
  public static Identity open(
      TlsConfig config, TransportOptions plain, Timer timer, RandomGenerator random)
      throws EndpointException {
    if (config instanceof TlsConfig.Files files) {
      return new Identity(PemFiles.open(files.certificate(), files.key(), files.trust(), timer));
    }
    if (config instanceof TlsConfig.Spiffe spiffe) {
      return new Identity(WorkloadApi.open(spiffe.address(), plain, timer, random, PATIENCE));
    }
    throw new IllegalArgumentException("tls: " + config + " (expected: spiffe or files)");
  }

  @Override
  public void close() {
    try {
      source.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
