package io.vl3.transport.internal.unix;

import io.grpc.CallCredentials;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.StatusCodes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The files of the calls that a client makes inside {@link #during}: those offered before travel
 * with each call, on the connection that gRPC picks for it, and those of the answer are taken from
 * there. On a channel that is no unix socket it does nothing. Thread-safe.
 */
public final class CallFiles implements FilePassing, AutoCloseable {

  private static final Context.Key<CallFiles> KEY = Context.key("io.vl3.files");

  private final Object lock = new Object();
  private final List<PassedFile> offered = new ArrayList<>();
  private @Nullable ConnectionFiles line;
  private boolean closed;

  /** The work that is done while the files are at hand. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws EndpointException;
  }

  /** Opens a file, to be sent with every call that follows. */
  @Override
  public String send(Path file) throws EndpointException {
    PassedFile opened = ConnectionFiles.opened(file);
    synchronized (lock) {
      if (!closed) {
        offered.add(opened);
        return opened.inodeUrl();
      }
    }
    opened.close();
    throw new IllegalStateException("files: closed (expected: sent before the calls)");
  }

  /** Takes a file that came by the connection of the last call. */
  @Override
  public PassedFile receive(String inodeUrl, Duration patience) throws EndpointException {
    ConnectionFiles used;
    synchronized (lock) {
      used = line;
    }
    if (used == null) {
      throw new EndpointException(
          Reason.UNAVAILABLE, inodeUrl + ": no call was made over a unix socket");
    }
    return used.receive(inodeUrl, patience);
  }

  /** Makes calls that carry the files. */
  public <T> T during(Work<T> work) throws EndpointException {
    Context with = Context.current().withValue(KEY, this);
    Context before = with.attach();
    try {
      return work.run();
    } finally {
      with.detach(before);
    }
  }

  /** Closes what was offered; idempotent. */
  @Override
  public void close() {
    List<PassedFile> left;
    synchronized (lock) {
      closed = true;
      left = List.copyOf(offered);
      offered.clear();
    }
    left.forEach(PassedFile::close);
  }

  /** Those that calls in this context carry. */
  static Optional<CallFiles> current() {
    return Optional.ofNullable(KEY.get());
  }

  /** Hands the files over when gRPC knows which connection carries the call. */
  CallCredentials atConnection() {
    return new AtConnection(this);
  }

  private void attach(ConnectionFiles picked) throws EndpointException {
    List<PassedFile> shares = new ArrayList<>();
    synchronized (lock) {
      line = picked;
      offered.forEach(file -> shares.add(file.share()));
    }
    for (PassedFile share : shares) {
      picked.enqueue(share);
    }
  }

  private static final class AtConnection extends CallCredentials {

    private final CallFiles files;

    AtConnection(CallFiles files) {
      this.files = files;
    }

    @Override
    public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
      try {
        Optional<ConnectionFiles> picked =
            UnixPeer.filesOf(info.getTransportAttrs().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
        if (picked.isPresent()) {
          files.attach(picked.get());
        }
        applier.apply(new Metadata());
      } catch (EndpointException failure) {
        applier.fail(StatusCodes.toStatus(failure));
      }
    }
  }
}
