package io.vl3.cli.config;

import java.util.OptionalInt;

/**
 * Where the process shows its figures.
 *
 * @param address the address to listen on
 * @param port the port; empty: nowhere
 * @param originalNames whether they are shown under the original's names too
 */
public record MetricsConfig(String address, OptionalInt port, boolean originalNames) {

  public static final String STANDARD_ADDRESS = "0.0.0.0";

  /** Where the original shows its figures unless it is told otherwise. */
  public static final int ORIGINAL_PORT = 2112;

  /** Under our names alone. */
  public MetricsConfig(String address, OptionalInt port) {
    this(address, port, false);
  }
}
