package io.vl3.nsm.internal.file;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.transport.internal.unix.CallFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The end of a client's chain, before a call over a unix socket: sends the files that mechanisms
 * name by path and names them by inode, and holds the file that the answer names (NSM v1, {@code
 * sendfd} and {@code recvfd}). Our own files have their paths again in the answer.
 */
public final class SendFiles implements Endpoint {

  private static final Key<SessionFiles.Holds> HELD = Key.named("files of the endpoint");

  private final HeldFiles store;
  private final SessionFiles files;

  /**
   * An element.
   *
   * @param store where received files are held
   */
  public SendFiles(HeldFiles store) {
    this.store = store;
    this.files = new SessionFiles(HELD, store);
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    try (CallFiles call = new CallFiles()) {
      Map<String, String> ours = new HashMap<>();
      ConnectionRequest named = InodeUrls.rename(request, url -> sent(url, call, ours));
      Connection answer = call.during(() -> next.request(named));
      Set<String> known = InodeUrls.of(named);
      Set<String> theirs = new HashSet<>(InodeUrls.of(answer));
      theirs.removeIf(url -> known.contains(url) && !files.holds(url, session));
      files.take(theirs, call, session);
      files.keepOnly(theirs, session);
      return InodeUrls.rename(answer, url -> ours.getOrDefault(url, url));
    }
  }

  /** Sends the other side's file back, as NSM's own servers wait for it; these send it again. */
  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    Set<String> named = InodeUrls.of(connection);
    try (CallFiles call = new CallFiles()) {
      for (String url : named) {
        Optional<Path> held = store.locate(url);
        if (held.isPresent()) {
          call.send(held.get());
        }
      }
      call.during(
          () -> {
            next.close(connection);
            return connection;
          });
    } finally {
      files.release(session);
    }
  }

  @Override
  public Description description() {
    return Description.of(this).doing("sends the request's files, takes the answer's");
  }

  /** A file that is not there is left to the other side, which knows better what it means. */
  private String sent(String url, CallFiles call, Map<String, String> ours)
      throws EndpointException {
    Optional<Path> file = InodeUrls.fileOf(url).or(() -> store.locate(url)).filter(Files::exists);
    if (file.isEmpty()) {
      return url;
    }
    String inodeUrl = call.send(file.get());
    if (!inodeUrl.equals(url)) {
      ours.put(inodeUrl, url);
    }
    return inodeUrl;
  }
}
