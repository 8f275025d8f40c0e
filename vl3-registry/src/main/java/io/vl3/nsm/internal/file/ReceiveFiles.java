package io.vl3.nsm.internal.file;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.transport.internal.unix.FilePassing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The head of a server's chain, where calls come over a unix socket: holds the files that a
 * request's mechanisms name by inode for as long as the connection names them, and sends the file
 * that the answer's mechanism names by path (NSM v1, {@code recvfd} and {@code sendfd}). The
 * connection goes on to name files by inode; {@link HeldFiles} knows where they are.
 */
public final class ReceiveFiles implements Endpoint {

  private static final Key<SessionFiles.Holds> HELD = Key.named("files of the client");

  private final SessionFiles files;

  /**
   * An element.
   *
   * @param store where the files are held
   */
  public ReceiveFiles(HeldFiles store) {
    this.files = new SessionFiles(HELD, store);
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Optional<FilePassing> passing = FilePassing.ofCall();
    if (passing.isEmpty()) {
      return next.request(request);
    }
    files.take(InodeUrls.of(request), passing.get(), session);
    Connection answer = next.request(request);
    files.keepOnly(InodeUrls.of(answer), session);
    return InodeUrls.rename(answer, url -> sent(url, passing.get(), session));
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    try {
      next.close(connection);
    } finally {
      files.release(session);
    }
  }

  @Override
  public Description description() {
    return Description.of(this).doing("takes the request's files, sends the answer's");
  }

  /** The client's own file goes back with the first answer: NSM's own clients wait for it. */
  private String sent(String url, FilePassing passing, Session session) throws EndpointException {
    Optional<Path> own =
        session.established().isEmpty() ? files.path(url, session) : Optional.empty();
    Optional<Path> file = InodeUrls.fileOf(url).filter(Files::exists).or(() -> own);
    return file.isPresent() ? passing.send(file.get()) : url;
  }
}
