package io.vl3.cli.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Configurations for tests. */
final class Configs {

  static final String MINIMAL =
      """
      endpoints:
      - name: vl3-service
        vl3:
          ipam:
            defaultPrefixPool: 10.60.0.0/16
      """;

  private Configs() {}

  static String resource(String name) throws IOException {
    try (InputStream in = Configs.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static Vl3Config read(String text, Map<String, String> variables) {
    try {
      return ConfigReader.read("vl3.yaml", text, variables, Overrides.NONE);
    } catch (ConfigException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  static Vl3Config read(String text) {
    return read(text, Map.of());
  }

  /** The mistakes as printed; empty if there is none. */
  static List<String> mistakes(String text, Map<String, String> variables, Overrides overrides) {
    try {
      ConfigReader.read("vl3.yaml", text, variables, overrides);
      return List.of();
    } catch (ConfigException e) {
      return e.getMessage().lines().toList();
    }
  }

  static List<String> mistakes(String text) {
    return mistakes(text, Map.of(), Overrides.NONE);
  }
}
