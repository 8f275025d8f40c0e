package io.vl3.vpp.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What messages of VPP look like, by name and CRC: read from the {@code .api.json} files that come
 * with a VPP, or from the same text that a newer VPP tells by itself. It may describe several
 * versions; the CRC tells them apart. Immutable.
 */
public final class ApiSchema {

  /** Of no message anything is known. */
  public static final ApiSchema EMPTY = new ApiSchema(Map.of(), Map.of(), Map.of());

  private static final String FILES = ".api.json";

  private final Map<String, MessageType> messages;
  private final Map<String, ApiService> services;
  private final Map<String, String> unreadable;

  private ApiSchema(
      Map<String, MessageType> messages,
      Map<String, ApiService> services,
      Map<String, String> unreadable) {
    this.messages = messages;
    this.services = services;
    this.unreadable = unreadable;
  }

  static ApiSchema of(
      Collection<MessageType> types,
      Map<String, ApiService> services,
      Map<String, String> unreadable) {
    Map<String, MessageType> messages = new HashMap<>();
    types.forEach(type -> messages.put(type.nameAndCrc(), type));
    return new ApiSchema(messages, Map.copyOf(services), Map.copyOf(unreadable));
  }

  /**
   * Reads every file {@code *.api.json} in directories and below. A file that cannot be read as one
   * takes nothing from the others: {@link #unreadable} says why.
   *
   * @throws IOException if a directory cannot be read
   */
  public static ApiSchema read(List<Path> directories) throws IOException {
    List<ApiSchema> parts = new ArrayList<>();
    for (Path directory : directories) {
      try (Stream<Path> files = Files.walk(directory.toRealPath())) {
        for (Path file : files.filter(f -> f.toString().endsWith(FILES)).sorted().toList()) {
          parts.add(parse(file.toString(), Files.readString(file)));
        }
      } catch (UncheckedIOException failure) {
        throw failure.getCause();
      }
    }
    return join(parts);
  }

  /**
   * Reads one description, or a list of them.
   *
   * @param source where it is from, for messages
   * @param json as VPP's tool writes it
   */
  public static ApiSchema parse(String source, String json) {
    return SchemaReader.read(source, json);
  }

  /** All that several know; of a service what the last says. */
  public static ApiSchema join(Collection<ApiSchema> schemas) {
    Map<String, MessageType> messages = new HashMap<>();
    Map<String, ApiService> services = new HashMap<>();
    Map<String, String> unreadable = new TreeMap<>();
    for (ApiSchema schema : schemas) {
      messages.putAll(schema.messages);
      services.putAll(schema.services);
      unreadable.putAll(schema.unreadable);
    }
    return new ApiSchema(messages, services, unreadable);
  }

  /** A message by name and CRC, as VPP's table has them: {@code control_ping_51077d14}. */
  public Optional<MessageType> message(String nameAndCrc) {
    return Optional.ofNullable(messages.get(nameAndCrc));
  }

  /** The replies to a request of a name; empty if its reply only has another name's end. */
  public Optional<ApiService> service(String name) {
    return Optional.ofNullable(services.get(name));
  }

  /** All messages. */
  public Collection<MessageType> messages() {
    return List.copyOf(messages.values());
  }

  /** Files and messages that could not be understood, and why. */
  public Map<String, String> unreadable() {
    return unreadable;
  }

  /** How many messages there are. */
  public int size() {
    return messages.size();
  }
}
