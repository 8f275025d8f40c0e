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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * The head of a server's chain, where calls come over a unix socket: holds the files that a
 * request's mechanisms name by inode for as long as the connection names them, and sends the file
 * that the answer's mechanism names by path (NSM v1, {@code recvfd} and {@code sendfd}), not again
 * for a refresh by the same way. The connection goes on to name files by inode; {@link HeldFiles}
 * knows where they are.
 */
public final class ReceiveFiles implements Endpoint {

  private static final Key<SessionFiles.Holds> HELD = Key.named("files of the client");
  private static final Key<Sent> SENT = Key.named("file sent to the client");

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
    Optional<Path> file = InodeUrls.fileOf(url).or(() -> own);
    Optional<Object> identity = file.flatMap(ReceiveFiles::identity);
    if (identity.isEmpty()) {
      return url;
    }
    Optional<Sent> before = session.get(SENT).filter(sent -> sent.is(passing, url, identity.get()));
    if (before.isPresent()) {
      return before.get().inodeUrl();
    }
    String inodeUrl = passing.send(file.get());
    session.put(SENT, new Sent(passing, url, identity.get(), inodeUrl));
    return inodeUrl;
  }

  /** What tells a file from one that takes its name later; empty if there is none. */
  private static Optional<Object> identity(Path file) {
    try {
      return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  /**
   * A file that the client has from an answer to this connection, by the same way. The client holds
   * it open, so that no other file gets its number.
   */
  private record Sent(FilePassing by, String url, Object identity, String inodeUrl) {

    boolean is(FilePassing passing, String named, Object file) {
      return by.equals(passing) && url.equals(named) && identity.equals(file);
    }
  }
}
