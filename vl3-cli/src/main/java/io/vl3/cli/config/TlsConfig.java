package io.vl3.cli.config;

import java.nio.file.Path;

/** Where the identity for mutual TLS comes from. */
public sealed interface TlsConfig {

  /** No TLS. */
  public record None() implements TlsConfig {
    @Override
    public String toString() {
      return "none";
    }
  }

  /**
   * The SPIFFE Workload API.
   *
   * @param address unix:///path or tcp://host:port
   */
  public record Spiffe(String address) implements TlsConfig {
    @Override
    public String toString() {
      return "SPIFFE Workload API at " + address;
    }
  }

  /**
   * PEM files.
   *
   * @param certificate the SVID, then what leads to an authority
   * @param key its private key
   * @param trust the authorities
   */
  public record Files(Path certificate, Path key, Path trust) implements TlsConfig {
    @Override
    public String toString() {
      return "files " + certificate + ", " + key + ", " + trust;
    }
  }

  /** Whether there is TLS. */
  default boolean on() {
    return !(this instanceof None);
  }
}
