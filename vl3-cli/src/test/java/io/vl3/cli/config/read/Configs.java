package io.vl3.cli.config.read;

import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.mistake.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Configurations for tests. */
public final class Configs {

  public static final String MINIMAL =
      """
      endpoints:
      - name: vl3-service
        vl3:
          ipam:
            defaultPrefixPool: 10.60.0.0/16
      """;

  private Configs() {}

  public static String resource(String name) throws IOException {
    try (InputStream in = Configs.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  public static Vl3Config read(String text, Map<String, String> variables) {
    try {
      return ConfigReader.read("vl3.yaml", text, variables, Overrides.NONE);
    } catch (ConfigException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  public static Vl3Config read(String text) {
    return read(text, Map.of());
  }

  /** The mistakes as printed; empty if there is none. */
  public static List<String> mistakes(
      String text, Map<String, String> variables, Overrides overrides) {
    try {
      ConfigReader.read("vl3.yaml", text, variables, overrides);
      return List.of();
    } catch (ConfigException e) {
      return e.getMessage().lines().toList();
    }
  }

  public static List<String> mistakes(String text) {
    return mistakes(text, Map.of(), Overrides.NONE);
  }
}
