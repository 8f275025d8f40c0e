package io.vl3.cli.config;

import java.util.OptionalInt;

/**
 * Where the process shows its figures.
 *
 * @param address the address to listen on
 * @param port the port; empty: nowhere
 */
public record MetricsConfig(String address, OptionalInt port) {

  public static final String STANDARD_ADDRESS = "0.0.0.0";
}
