package io.vl3.vpp.internal.direct;

import io.vl3.vpp.api.ApiException;
import io.vl3.vpp.api.ApiMessage;
import io.vl3.vpp.api.ApiSchema;
import io.vl3.vpp.api.VppApi;
import io.vl3.vpp.internal.VppException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to a VPP, made anew when it has ended. The descriptions of messages are read from
 * the directory when there is a VPP whose messages are not known yet: another version may have
 * come.
 *
 * <p>Used by one at a time, but for {@link #close}.
 */
final class VppAccess implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(VppAccess.class);

  private final Path socket;
  private final List<Path> directories;
  private final String clientName;
  private final Duration timeout;
  private final Executor io;
  private ApiSchema schema = ApiSchema.EMPTY;
  private String said = "";
  private volatile Optional<VppApi> api = Optional.empty();
  private volatile boolean closed;

  VppAccess(Path socket, List<Path> directories, String clientName, Duration timeout, Executor io) {
    this.socket = socket;
    this.directories = List.copyOf(directories);
    this.clientName = clientName;
    this.timeout = timeout;
    this.io = io;
  }

  String subject() {
    return "VPP at " + socket;
  }

  /** The connection that there is; empty if it has ended. */
  Optional<VppApi> current() {
    return api.filter(VppApi::isOpen);
  }

  /** A new connection to a VPP that has all that is needed. */
  VppApi connect() throws VppException {
    drop();
    try {
      VppApi made = open();
      if (missing(made).isPresent()) {
        made.close();
        schema = described();
        made = open();
      }
      Optional<String> missing = missing(made);
      if (missing.isPresent()) {
        made.close();
        throw VppException.unfit(subject(), missing.get());
      }
      schema = made.schema();
      api = Optional.of(made);
      if (closed) {
        made.close();
      }
      say(made);
      return made;
    } catch (ApiException failure) {
      throw of(failure);
    }
  }

  /** Ends the connection: what became of what was sent is not known. */
  void drop() {
    Optional<VppApi> given = api;
    api = Optional.empty();
    given.ifPresent(VppApi::close);
  }

  @Override
  public void close() {
    closed = true;
    drop();
  }

  /** Whether the connection is in use: one that we gave up is not, before it has ended. */
  boolean holds(VppApi connection) {
    return api.filter(is -> is == connection).isPresent();
  }

  /** The meaning of a failed call. */
  VppException of(ApiException failure) {
    String message = failure.getMessage();
    String words = message.startsWith(subject()) ? message : subject() + ": " + message;
    return switch (failure.kind()) {
      case LATE -> VppException.late(words, failure);
      case AWAY, UNREADABLE -> VppException.away(words, failure);
      case REFUSED, UNFIT_VALUE, UNKNOWN_MESSAGE ->
          VppException.away(words + " (expected: an answer)", failure);
    };
  }

  private VppApi open() throws ApiException {
    VppApi.Settings settings = VppApi.Settings.of(socket, clientName, schema).withTimeout(timeout);
    return VppApi.connect(settings, io);
  }

  private ApiSchema described() throws VppException {
    List<Path> there = directories.stream().filter(Files::isDirectory).toList();
    try {
      ApiSchema read = ApiSchema.read(there);
      read.unreadable().forEach((what, why) -> LOG.warn("{}: {}: {}", subject(), what, why));
      return read;
    } catch (IOException failure) {
      throw VppException.unfit(
          subject(), "%s (expected: .api.json files in %s)".formatted(failure, directories));
    }
  }

  private Optional<String> missing(VppApi made) {
    List<String> unknown = new ArrayList<>();
    List<String> undescribed = new ArrayList<>();
    for (List<String> names : UsedMessages.NEEDED) {
      if (made.first(names).isEmpty()) {
        boolean has = names.stream().anyMatch(made.messages()::containsKey);
        (has ? undescribed : unknown).add(names.get(names.size() - 1));
      }
    }
    if (!unknown.isEmpty()) {
      return Optional.of(
          "messages %s: unknown to it (expected: a VPP with its plugin memif that has them)"
              .formatted(String.join(", ", unknown)));
    }
    return undescribed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "fields of messages %s: unknown (expected: the .api.json files of this VPP in %s)"
                .formatted(String.join(", ", undescribed), directories));
  }

  /** Says what VPP is, once until it is another. */
  private void say(VppApi made) throws ApiException {
    String words =
        made.has("show_version")
            ? made.request(ApiMessage.of("show_version")).text("version")
            : "version unknown";
    if (!words.equals(said)) {
      LOG.info("{}: {}, {} messages", subject(), words, made.messages().size());
      said = words;
    }
  }
}
