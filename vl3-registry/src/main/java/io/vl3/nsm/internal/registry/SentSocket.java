package io.vl3.nsm.internal.registry;

import io.vl3.failure.EndpointException;
import io.vl3.registry.EndpointRecord;
import io.vl3.transport.internal.unix.CallFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The listening socket of an endpoint that is registered over a unix socket: it travels as a file,
 * and the registration names it by inode on the way.
 */
final class SentSocket {

  private static final String UNIX = "unix://";

  private SentSocket() {}

  /** One call about a registration. */
  interface Call {
    EndpointRecord run(EndpointRecord onTheWay) throws EndpointException;
  }

  /** Makes the call with the socket; the answer has our URL again. */
  static EndpointRecord with(EndpointRecord ours, Call call) throws EndpointException {
    Optional<Path> socket = socket(ours.url());
    if (socket.isEmpty()) {
      return call.run(ours);
    }
    try (CallFiles files = new CallFiles()) {
      String inodeUrl = files.send(socket.get());
      EndpointRecord answer = files.during(() -> call.run(ours.withUrl(inodeUrl)));
      return answer.url().equals(inodeUrl) ? answer.withUrl(ours.url()) : answer;
    }
  }

  private static Optional<Path> socket(String url) {
    return url.startsWith(UNIX)
        ? Optional.of(Path.of(url.substring(UNIX.length()))).filter(Files::exists)
        : Optional.empty();
  }
}
